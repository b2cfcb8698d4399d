import { PkiError } from '@certwright/core'
import { beforeEach, describe, expect, it } from 'vitest'
import { csr } from './csr.js'
import { type Answer, type CallOptions, createPki, passphrase, type Pki } from './setup.js'

let pki: Pki
beforeEach(async () => {
  pki = await createPki()
})

const csrPem = csr()
const otherCsrPem = csr()
const code = ({ headers }: Answer): string | null => headers.get('certwright-error')
const isReplay = ({ headers }: Answer): boolean => headers.get('idempotent-replayed') === 'true'

const issue = (idempotencyKey: string, change: object = {}, options: CallOptions = {}) =>
  pki.call('POST', '/v1/certificates', {
    ...options,
    body: { caId: pki.cas.issuing, mode: 'csr', csrPem, ...change },
    headers: { 'idempotency-key': idempotencyKey },
  })

const countCertificates = async (): Promise<number> => (await pki.snapshot()).certificates.length

describe('Idempotency-Key in managed mode: 400 with the reason, nothing issued', () => {
  it.each(['issue', 'renew'])('%s', async (action) => {
    const { id } = await pki.issue()
    const before = await pki.snapshot()
    const [path, body] = action === 'issue' ? ['', pki.managed()] : [`/${id}/renew`, {}]
    const headers = { 'idempotency-key': 'one' }
    const answer = await pki.call('POST', `/v1/certificates${path}`, { body, headers })
    expect([answer.status, code(answer)]).toEqual([400, 'idempotency_unsupported'])
    expect(answer.json.error).toMatch(/makes a new private key each time; leave the key out/)
    expect(await pki.snapshot()).toEqual(before)
  })
})

describe('same key', () => {
  it('same body: the same answer to the byte, header Idempotent-Replayed, one certificate', async () => {
    const first = await issue('one')
    const count = await countCertificates()
    const again = await issue('one')
    expect([first.status, again.status]).toEqual([200, 200])
    expect(again.text).toBe(first.text)
    expect([isReplay(first), isReplay(again)]).toEqual([false, true])
    expect(await countCertificates()).toBe(count)
  })

  it('the same body in another order and with other white space is the same', async () => {
    const first = await issue('one', { sanDns: ['a.example.com'], validityDays: 9 })
    const body = JSON.stringify(
      {
        validityDays: 9,
        sanDns: ['a.example.com'],
        csrPem,
        caId: pki.cas.issuing.toUpperCase(),
        mode: 'csr',
      },
      null,
      3,
    )
    const again = await pki.call('POST', '/v1/certificates', { body, headers: { 'idempotency-key': 'one' } })
    expect([again.text, isReplay(again)]).toEqual([first.text, true])
  })

  it('the replay is the same when the certificate is revoked, the CA too, and the clock elsewhere', async () => {
    const first = await issue('one')
    const { id } = first.json.certificate
    await pki.call('POST', `/v1/certificates/${id}/revoke`, { body: { reason: 'keyCompromise' } })
    await pki.authority.revokeCa({ caId: pki.cas.issuing }, pki.operator)
    pki.clock.advance(23 * 3_600_000)
    const again = await issue('one')
    expect([again.status, again.text, isReplay(again)]).toEqual([200, first.text, true])
  })

  it.each([
    ['another CSR', { csrPem: otherCsrPem }],
    ['another name', { commonName: 'b.example.com' }],
    ['a name more', { sanDns: [] }],
    ['other days', { validityDays: 30 }],
  ])('other body: 422 (%s)', async (_case, change) => {
    await issue('one')
    const before = await pki.snapshot()
    const answer = await issue('one', change)
    expect([answer.status, code(answer)]).toEqual([422, 'idempotency_mismatch'])
    expect(answer.json.error).toMatch(/used with another request; choose a new key/)
    expect(await pki.snapshot()).toEqual(before)
  })

  it('while the first is still running: 409 with Retry-After', async () => {
    const { release, arrived } = holdSigning()
    const first = issue('one')
    await arrived
    const second = await issue('one')
    expect([second.status, code(second), second.headers.get('retry-after')]).toEqual([
      409,
      'idempotency_in_progress',
      '2',
    ])
    expect((await issue('one', { validityDays: 3 })).status).toBe(422)
    release()
    const { text } = await first
    const third = await issue('one')
    expect([third.text, isReplay(third)]).toEqual([text, true])
  })

  it('ten at once: one certificate; the others get it too, or 409', async () => {
    const count = await countCertificates()
    const answers = await Promise.all(Array.from({ length: 10 }, () => issue('one')))
    const granted = answers.filter(({ status }) => status === 200)
    expect(granted.filter((answer) => !isReplay(answer))).toHaveLength(1)
    expect(new Set(granted.map(({ text }) => text)).size).toBe(1)
    for (const answer of answers)
      if (!granted.includes(answer))
        expect([answer.status, code(answer)]).toEqual([409, 'idempotency_in_progress'])
    expect(await countCertificates()).toBe(count + 1)
  })
})

describe('scope = principal + operation + CA; 24 h', () => {
  it('another principal', async () => {
    const first = await issue('one')
    const other = await issue('one', {}, { key: pki.keys.issueOnly.secret })
    expect([other.status, isReplay(other)]).toEqual([200, false])
    expect(other.json.certificate.id).not.toBe(first.json.certificate.id)
  })

  it('another CA', async () => {
    await issue('one')
    const other = await issue('one', { caId: pki.cas.root })
    expect([other.status, isReplay(other)]).toEqual([200, false])
  })

  it('another operation, which has replays of its own', async () => {
    const { id } = (await issue('one')).json.certificate
    const renew = () =>
      pki.call('POST', `/v1/certificates/${id}/renew`, {
        body: { csrPem: otherCsrPem },
        headers: { 'idempotency-key': 'one' },
      })
    const first = await renew()
    const again = await renew()
    expect([first.status, isReplay(first)]).toEqual([200, false])
    expect([again.text, isReplay(again)]).toEqual([first.text, true])
  })

  it('another certificate to renew: 422', async () => {
    const ids = [(await issue('a')).json.certificate.id, (await issue('b')).json.certificate.id]
    const answers = []
    for (const id of ids) {
      const body = { csrPem: otherCsrPem }
      answers.push(
        await pki.call('POST', `/v1/certificates/${id}/renew`, {
          body,
          headers: { 'idempotency-key': 'one' },
        }),
      )
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 422])
  })

  it('until 24 hours are over', async () => {
    const { id } = (await issue('one')).json.certificate
    pki.clock.advance(24 * 3_600_000 - 1000)
    expect((await issue('one')).json.certificate.id).toBe(id)
    pki.clock.advance(1000)
    const later = await issue('one')
    expect([later.status, isReplay(later)]).toEqual([200, false])
    expect(later.json.certificate.id).not.toBe(id)
  })

  it('who has lost the right to the CA gets no replay', async () => {
    await issue('one')
    const answer = await issue('one', {}, { key: pki.keys.readOnly.secret })
    expect([answer.status, isReplay(answer)]).toEqual([403, false])
  })
})

describe('a request that failed does not hold its key', () => {
  it('refused before the reservation', async () => {
    expect((await issue('one', { caId: pki.cas.locked })).status).toBe(400)
    expect((await issue('one', { caId: pki.cas.locked, caPassphrase: passphrase })).status).toBe(200)
  })

  it('the custody did not answer: 503 with Retry-After, and a retry issues one certificate', async () => {
    const count = await countCertificates()
    pki.custody.gate.beforeSign = async () => {
      throw new PkiError('custody_unavailable', 'Cannot sign: module 7 in rack 3 is down', {
        retryable: true,
      })
    }
    const failed = await issue('one')
    expect([failed.status, code(failed), failed.headers.get('retry-after')]).toEqual([
      503,
      'custody_unavailable',
      '5',
    ])
    expect(failed.json.error).not.toMatch(/rack/)
    pki.custody.gate.beforeSign = async () => undefined
    const retried = await issue('one')
    expect([retried.status, isReplay(retried)]).toEqual([200, false])
    expect(await countCertificates()).toBe(count + 1)
  })

  it('the custody does not know whether it signed: the key stays taken until the lease is over', async () => {
    pki.custody.gate.beforeSign = async () => {
      throw new PkiError('custody_outcome_unknown', 'Cannot sign: timeout', { keyId: 'k' })
    }
    const failed = await issue('one')
    expect([failed.status, code(failed)]).toEqual([503, 'custody_outcome_unknown'])
    pki.custody.gate.beforeSign = async () => undefined
    expect((await issue('one')).status).toBe(409)
    pki.clock.advance(120_000)
    expect((await issue('one')).status).toBe(200)
  })
})

describe('keys', () => {
  it('of 255 characters', async () => {
    expect((await issue('k'.repeat(255))).status).toBe(200)
  })

  it.each([
    ['256 characters', 'k'.repeat(256), /256 characters where 1 to 255/],
    ['none', '', /0 characters where 1 to 255/],
    ['white space alone', '   ', /0 characters where 1 to 255/],
  ])('%s: 400, and the key is not told', async (_case, key, says) => {
    const before = await pki.snapshot()
    const answer = await issue(key)
    expect([answer.status, code(answer)]).toEqual([400, 'idempotency_key_invalid'])
    expect(answer.json.error).toMatch(says)
    expect(await pki.snapshot()).toEqual(before)
  })

  it('no key can write a header: a line break makes no request at all', () => {
    expect(() => new Headers({ 'idempotency-key': 'one\r\nX-Evil: 1' })).toThrow(TypeError)
  })

  it.each(['ü', '__proto__', '"quoted"', "'; DROP TABLE certificates --", '../../x'])(
    'the characters of %s mean nothing',
    async (key) => {
      const first = await issue(key)
      const again = await issue(key)
      expect([first.status, again.text, isReplay(again)]).toEqual([200, first.text, true])
    },
  )

  it('are not taken by what needs none', async () => {
    const { id } = await pki.issue()
    const headers = { 'idempotency-key': 'one' }
    expect((await pki.call('POST', `/v1/certificates/${id}/revoke`, { headers })).status).toBe(200)
    expect((await pki.call('POST', `/v1/certificates/${id}/revoke`, { headers })).status).toBe(409)
  })
})

/** Signing waits until `release`; `arrived` resolves when somebody does. */
function holdSigning() {
  const released = promise()
  const arrived = promise()
  pki.custody.gate.beforeSign = () => {
    arrived.resolve()
    return released.promise
  }
  return { release: released.resolve, arrived: arrived.promise }
}

function promise() {
  const settle: (() => void)[] = []
  const promise = new Promise<void>((resolve) => settle.push(resolve))
  return { promise, resolve: () => settle.forEach((resolve) => resolve()) }
}
