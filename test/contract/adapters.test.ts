import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expressHandler } from '@certwright/http/express'
import express from 'express'
import { afterEach, describe, expect, it } from 'vitest'
import { start as startNode } from '../../examples/02-node-http/main.js'
import { start as startExpress } from '../../examples/03-express/main.js'
import { start as startFastify } from '../../examples/04-fastify/main.js'
import { type Body, createPki } from './setup.js'
import { documented, faultsOf } from './shapes.js'

/* The examples, started as they stand, and asked over real sockets. */

const run = promisify(execFile)
const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface Service {
  readonly url: string
  readonly caId: string
  readonly apiKey: string
}

async function ask({ url, apiKey }: Service, path: string, body?: object) {
  const response = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  // The cast: an answer of another shape fails the assertion that looks at it.
  return { status: response.status, headers: response.headers, json: (await response.json()) as Body }
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'certwright-'))
  closing.push(() => rm(folder, { recursive: true }))
  return folder
}

describe.each([
  ['02-node-http', startNode],
  ['03-express', startExpress],
  ['04-fastify', startFastify],
])('example %s', (_name, start) => {
  async function serve() {
    const service = await start(0)
    closing.push(service.close)
    return service
  }

  it('whoami, issue, list, revoke', async () => {
    const service = await serve()
    const whoami = await ask(service, '/v1/whoami')
    expect([whoami.status, faultsOf(whoami.json, documented.whoami)]).toEqual([200, []])
    const issued = await ask(service, '/v1/certificates', {
      caId: service.caId,
      commonName: 'api.example.com',
    })
    expect([issued.status, faultsOf(issued.json, documented.issuedManaged)]).toEqual([200, []])
    expect((await ask(service, '/v1/certificates')).json.total).toBe(1)
    const revoked = await ask(service, `/v1/certificates/${issued.json.certificate.id}/revoke`, {})
    expect([revoked.status, faultsOf(revoked.json, documented.revoked)]).toEqual([200, []])
  })

  it('refusals have the documented body: no credential, no route, too large', async () => {
    const service = await serve()
    const nobody = await ask({ ...service, apiKey: 'cm_x' }, '/v1/whoami')
    const nowhere = await ask(service, '/v1/nowhere')
    const large = await ask(service, '/v1/certificates', {
      caId: service.caId,
      commonName: 'x'.repeat(2_000_000),
    })
    expect([nobody.status, nowhere.status, large.status]).toEqual([401, 404, 413])
    for (const { json } of [nobody, nowhere, large]) expect(faultsOf(json, documented.error)).toEqual([])
    expect((await ask(service, '/v1/whoami')).status).toBe(200)
  })

  it('a binary body: a real OCSP client gets good, then revoked', async () => {
    const service = await serve()
    const { json } = await ask(service, '/v1/certificates', {
      caId: service.caId,
      commonName: 'api.example.com',
    })
    const ca = (await ask(service, `/v1/cas/${service.caId}`)).json.ca
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'leaf.pem'), json.certificate.certificate_pem)
    await writeFile(join(folder, 'ca.pem'), ca.certificate_pem)
    const status = async () => {
      const files = ['-issuer', 'ca.pem', '-cert', 'leaf.pem', '-CAfile', 'ca.pem']
      const { stdout, stderr } = await run(
        'openssl',
        ['ocsp', '-url', `${service.url}/ocsp/${service.caId}`, ...files],
        {
          cwd: folder,
        },
      )
      expect(stderr).toContain('Response verify OK')
      return stdout
    }
    expect(await status()).toMatch(/^leaf\.pem: good$/m)
    await ask(service, `/v1/certificates/${json.certificate.id}/revoke`, { reason: 'keyCompromise' })
    expect(await status()).toMatch(/^leaf\.pem: revoked$[^]*Reason: keyCompromise/m)
  })

  it('OCSP by GET, for caches', async () => {
    const service = await serve()
    const { json } = await ask(service, '/v1/certificates', {
      caId: service.caId,
      commonName: 'api.example.com',
    })
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'leaf.pem'), json.certificate.certificate_pem)
    await writeFile(
      join(folder, 'ca.pem'),
      (await ask(service, `/v1/cas/${service.caId}`)).json.ca.certificate_pem,
    )
    const files = ['-issuer', 'ca.pem', '-cert', 'leaf.pem', '-no_nonce', '-reqout', 'request.der']
    await run('openssl', ['ocsp', ...files], { cwd: folder })
    const request = (await readFile(join(folder, 'request.der'))).toString('base64')
    const response = await fetch(`${service.url}/ocsp/${service.caId}/${encodeURIComponent(request)}`)
    expect(response.headers.get('content-type')).toBe('application/ocsp-response')
    expect(response.headers.get('cache-control')).toMatch(/^public, max-age=\d+/)
    await writeFile(join(folder, 'response.der'), new Uint8Array(await response.arrayBuffer()))
    const seen = ['-respin', 'response.der', '-issuer', 'ca.pem', '-cert', 'leaf.pem', '-CAfile', 'ca.pem']
    expect((await run('openssl', ['ocsp', ...seen], { cwd: folder })).stdout).toMatch(/^leaf\.pem: good$/m)
  })

  it('a line break in a header ends the request before it reaches us', async () => {
    const service = await serve()
    const { port } = new URL(service.url)
    const answer = await new Promise<string>((resolve, reject) => {
      let text = ''
      const socket = connect(Number(port), 'localhost')
      socket.on('data', (chunk) => {
        text += chunk.toString()
      })
      socket.on('error', reject)
      socket.on('close', () => resolve(text))
      const head = 'GET /v1/whoami HTTP/1.1\r\nHost: x\r\nConnection: close\r\n'
      socket.write(`${head}Idempotency-Key: one\rX-Evil: 1\r\n\r\n`)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).not.toMatch(/evil/i)
  })
})

it('Express with express.json() before it: bodies arrive, OCSP too, and what the parser refuses is its answer', async () => {
  const pki = await createPki()
  const app = express()
  app.use(express.json({ limit: '1mb' }))
  app.use('/pki', expressHandler(pki.handler))
  const server = app.listen(0)
  await new Promise((resolve) => server.once('listening', resolve))
  closing.push(() => server.close())
  // The cast: a server that listens on a port has an AddressInfo.
  const url = `http://localhost:${(server.address() as AddressInfo).port}/pki`
  const service = { url, caId: pki.cas.issuing, apiKey: pki.keys.full.secret }

  const issued = await ask(service, '/v1/certificates', pki.managed({ sanDns: ['api.example.com'] }))
  expect([issued.status, faultsOf(issued.json, documented.issuedManaged)]).toEqual([200, []])
  const misspelt = await ask(service, '/v1/certificates', pki.managed({ sanDNS: [] }))
  expect([misspelt.status, misspelt.headers.get('certwright-error')]).toEqual([400, 'invalid_request'])
  const large = await ask(service, '/v1/certificates', pki.managed({ commonName: 'x'.repeat(100_000) }))
  expect([large.status, large.headers.get('certwright-error')]).toEqual([413, 'body_too_large'])
  const ocsp = await fetch(`${url}/ocsp/${service.caId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/ocsp-request' },
    body: new Uint8Array([0x30, 0x00]),
  })
  expect([ocsp.status, ocsp.headers.get('content-type')]).toEqual([200, 'application/ocsp-response'])
  const bare = await fetch(`${url}/v1/certificates/${issued.json.certificate.id}/revoke`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.apiKey}` },
  })
  expect(bare.status).toBe(200)
})
