import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { csr } from './csr.js'
import { type CallOptions, createPki, passphrase } from './setup.js'

it('no API key, passphrase, private key or idempotency key in any log line, error body or header', async () => {
  const lines: string[] = []
  // Errors as a logger would print them: message, stack, cause, context.
  const write = (level: string) => (fields: unknown, message: string) =>
    void lines.push(`${level} ${message} ${inspect(fields, { depth: 10, showHidden: true })}`)
  const logger = { info: write('info'), warn: write('warn'), error: write('error') }
  const pki = await createPki({ logger, rateLimits: { refusedPerMinute: 5 } })

  const secrets = ['s3cret-idempotency-key', 'wr0ng-passphrase', 'cm_garbage-credential', passphrase]
  secrets.push(...Object.values(pki.keys).map(({ secret }) => secret))
  secrets.push(`cm_${'Z'.repeat(43)}`)
  const told: string[] = []
  const call = async (method: string, path: string, options: CallOptions = {}) => {
    const answer = await pki.call(method, path, options)
    told.push([...answer.headers].join('\n'))
    if (answer.status !== 200) told.push(answer.text)
    const key = answer.json.privateKey
    if (key !== undefined) secrets.push(...key.split('\n').slice(1, -1))
    return answer
  }
  const issue = (body: object, options: CallOptions = {}) =>
    call('POST', '/v1/certificates', { ...options, body })
  const locked = { caId: pki.cas.locked, commonName: 'a.example.com' }
  const idempotent = { headers: { 'idempotency-key': 's3cret-idempotency-key' } }
  const fromCsr = { caId: pki.cas.issuing, mode: 'csr', csrPem: csr() }

  const { id } = (await issue({ ...locked, caPassphrase: passphrase })).json.certificate
  await issue(locked)
  await issue({ ...locked, caPassphrase: 'wr0ng-passphrase' })
  await issue({ ...locked, caPassphrase: ['wr0ng-passphrase'] })
  await issue({ ...locked, capassphrase: 'wr0ng-passphrase' })
  await call('POST', '/v1/certificates', { body: `{"caPassphrase":"${passphrase}",` })
  await call('POST', `/v1/certificates/${id}/renew`, { body: { caPassphrase: passphrase } })
  await call('POST', `/v1/certificates/${id}/revoke`, { body: { caPassphrase: 'wr0ng-passphrase' } })
  await issue(fromCsr, idempotent)
  await issue(fromCsr, idempotent)
  await issue({ ...fromCsr, validityDays: 3 }, idempotent)
  await issue(pki.managed(), idempotent)
  await issue(fromCsr, { headers: { 'idempotency-key': 's3cret-idempotency-key'.repeat(20) } })
  for (const key of ['cm_garbage-credential', `cm_${'Z'.repeat(43)}`, 'cm_garbage-credential\u00a0']) {
    await call('GET', '/v1/whoami', { key })
  }
  await call('GET', `/v1/cas?api_key=${pki.keys.full.secret}`)
  await call('GET', `/v1/${pki.keys.full.secret}`)
  await call('GET', '/v1/cas', { headers: { 'x-request-id': pki.keys.full.secret.slice(0, 3) } })
  pki.custody.gate.beforeSign = async () => {
    throw new Error('the module burns')
  }
  const failed = await issue({ ...locked, caPassphrase: passphrase })
  expect(failed.status).toBe(500)

  const requestId = failed.headers.get('x-request-id')
  expect(failed.json.error).toBe(
    `The service failed on this request, tell its operator the request id ${requestId}`,
  )
  expect(lines.filter((line) => line.startsWith('error') && line.includes('the module burns'))).toHaveLength(
    1,
  )
  expect(lines.length).toBeGreaterThan(20)
  expect(secrets.length).toBeGreaterThan(15)
  for (const secret of secrets) {
    expect(lines.filter((line) => line.includes(secret))).toEqual([])
    expect(told.filter((text) => text.includes(secret))).toEqual([])
  }
})
