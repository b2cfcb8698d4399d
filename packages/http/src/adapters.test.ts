import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import express from 'express'
import fastify from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { createHandler } from './create-handler.js'
import { expressHandler } from './express.js'
import type { ExtensionEndpoint } from './extension.js'
import { caId, certificateId, fakeAuthority, goodKey } from './fake-authority.js'
import { fastifyPlugin } from './fastify.js'
import { nodeListener } from './node.js'

const headers = { authorization: `Bearer ${goodKey}`, 'content-type': 'application/json' }
const issue = { method: 'POST', headers, body: JSON.stringify({ caId, commonName: 'ü.example' }) }
const asking = { headers: { authorization: headers.authorization, 'x-request-id': 'one-request' } }
const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  // The cast: a server that listens on a port has an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The date is that of the second in which it was sent. */
async function factsOf(answer: Response | undefined) {
  const told = [...(answer?.headers ?? [])].filter(([name]) => name !== 'date')
  return { status: answer?.status, headers: Object.fromEntries(told), body: await answer?.text() }
}

describe('node:http', () => {
  it('serves, and leaves the globals of the process alone', async () => {
    const globals = [Request, Response, Headers, fetch]
    const url = await listen(createServer(nodeListener(createHandler(fakeAuthority()))))
    expect((await fetch(`${url}/v1/certificates`, issue)).status).toBe(200)
    expect([Request, Response, Headers, fetch]).toEqual(globals)
  })

  it.each([
    ['GET', '/v1/cas', 200],
    ['HEAD', '/v1/cas', 200],
    ['GET', '/nowhere', 404],
    ['POST', '/docs', 405],
  ])(
    '%s %s is answered as through a Response, where the host wraps the handler',
    async (method, path, status) => {
      const handler = createHandler(fakeAuthority(), { rateLimits: false })
      const own = await listen(createServer(nodeListener(handler)))
      const wrapped = await listen(
        createServer(nodeListener((request, connection) => handler(request, connection))),
      )
      const [one, other] = await Promise.all(
        [own, wrapped].map((url) => fetch(url + path, { ...asking, method })),
      )
      expect(one?.status).toBe(status)
      expect(await factsOf(one)).toEqual(await factsOf(other))
    },
  )

  it('limits by the address of the socket', async () => {
    const handler = createHandler(fakeAuthority(), { rateLimits: { publicPerMinute: 1 } })
    const url = await listen(createServer(nodeListener(handler)))
    expect((await fetch(`${url}/docs`)).status).toBe(200)
    expect((await fetch(`${url}/docs`)).status).toBe(429)
  })

  it.each(['Content-Length: 2000000', 'Transfer-Encoding: chunked'])(
    'a body that is too large gets 413 and the connection closed, with %s',
    async (framing) => {
      const url = await listen(createServer(nodeListener(createHandler(fakeAuthority()))))
      const head = postHead(framing)
      const answer = await rawAnswer(url, [head, `20000\r\n${' '.repeat(0x20000)}\r\n`])
      expect(answer).toMatch(/^HTTP\/1\.1 413 /)
      expect(answer).toContain('certwright-error: body_too_large')
    },
  )

  it.each([
    ['Content-Length: 40', ['{"passphr', 'ase']],
    ['Transfer-Encoding: chunked', ['5\r\n{"pas\r\n', '9\r\nsphr']],
  ])('a body that ends early is told as such in the log, with %s', async (framing, parts) => {
    const lines: Readonly<Record<string, unknown>>[] = []
    const log = (fields: Readonly<Record<string, unknown>>): void => void lines.push(fields)
    const handler = createHandler(fakeAuthority(), { logger: { info: log, warn: log, error: log } })
    const url = await listen(createServer(nodeListener(handler)))
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    await writeAll(socket, [postHead(framing), ...parts])
    socket.destroy()
    await expect.poll(() => lines).toMatchObject([{ status: 400, code: 'body_unreadable' }])
  })

  it.each([
    ['Content-Length: 26', ['{"caId": "x", ', '"mode":"csr"']],
    [
      'Transfer-Encoding: chunked',
      ['e\r\n{"caId": "x", \r\n', 'b\r\n"mode":"csr\r\n', '1\r\n"\r\n0\r\n\r\n'],
    ],
  ])('a body in pieces is read whole, with %s', async (framing, parts) => {
    const url = await listen(createServer(nodeListener(createHandler(fakeAuthority()))))
    const answer = await rawAnswer(url, [postHead(`Connection: close\r\n${framing}`), ...parts])
    expect(answer).toContain('{"error":"Cannot read body: it is no well-formed JSON"}')
  })

  it('a Host header that is none gets the documented error', async () => {
    const url = await listen(createServer(nodeListener(createHandler(fakeAuthority()))))
    const answer = await rawAnswer(url, ['GET /v1/cas HTTP/1.1\r\nHost: a<b>\r\nConnection: close\r\n\r\n'])
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('{"error":')
  })
})

const postHead = (framing: string): string =>
  `POST /v1/certificates HTTP/1.1\r\nHost: x\r\nAuthorization: ${headers.authorization}\r\n` +
  `Content-Type: application/json\r\n${framing}\r\n\r\n`

/** One after the other, so that they arrive in pieces. */
async function writeAll(socket: Socket, parts: readonly string[]): Promise<void> {
  for (const part of parts) await new Promise<void>((written) => socket.write(part, () => written()))
}

/** All that comes back until the server closes the connection. */
async function rawAnswer(url: string, parts: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString()
  })
  socket.on('error', () => undefined)
  // Not `once` of node:events, which rejects where the server resets the connection.
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await writeAll(socket, parts)
  await closed
  return text
}

async function expressBehind(...parsers: express.RequestHandler[]) {
  const authority = fakeAuthority()
  const app = express()
  if (parsers.length > 0) app.use(...parsers)
  app.use('/pki', expressHandler(createHandler(authority)))
  app.get('/own', (_request, response) => void response.send('own'))
  return { authority, url: await listen(createServer(app)) }
}

describe('Express', () => {
  it.each([
    ['no body parser', []],
    ['a JSON parser', [express.json()]],
    ['a text parser', [express.text({ type: '*/*' })]],
    ['a raw parser', [express.raw({ type: '*/*' })]],
  ])('behind %s the body arrives, and bare POSTs too', async (_case, parsers) => {
    const { authority, url } = await expressBehind(...parsers)
    expect((await fetch(`${url}/pki/v1/certificates`, issue)).status).toBe(200)
    expect(authority.calls.at(-1)?.args[0]).toMatchObject({ commonName: 'ü.example' })
    const bare = { method: 'POST', headers: { authorization: headers.authorization } }
    expect((await fetch(`${url}/pki/v1/certificates/${certificateId}/revoke`, bare)).status).toBe(200)
    expect(await (await fetch(`${url}/own`)).text()).toBe('own')
  })

  it('a form that a parser has read arrives as a form, repeated fields included', async () => {
    const echo: ExtensionEndpoint = {
      method: 'POST',
      path: '/echo',
      access: 'public',
      serve: async ({ readBody }) => new Response(new Uint8Array(await readBody())),
    }
    const handler = createHandler(fakeAuthority(), { extensions: [{ endpoints: [echo] }] })
    const form = 'resource=https%3A%2F%2Fa.example&resource=b&state=%C3%BC'
    for (const extended of [true, false]) {
      const app = express()
      app.use(express.json(), express.urlencoded({ extended }), expressHandler(handler))
      const url = await listen(createServer(app))
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      expect(await (await fetch(`${url}/echo`, { method: 'POST', headers, body: form })).text()).toBe(form)
    }
  })

  it('an OCSP request survives a raw parser byte for byte', async () => {
    const { url } = await expressBehind(express.raw({ type: '*/*' }))
    const body = new Uint8Array([0x30, 0x00, 0xff])
    const init = { method: 'POST', headers: { 'content-type': 'application/ocsp-request' }, body }
    const response = await fetch(`${url}/pki/ocsp/${caId}`, init)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(body)
  })
})

describe('Fastify', () => {
  it('the plugin keeps to its prefix and leaves the routes and parsers of the host alone', async () => {
    const authority = fakeAuthority()
    const app = fastify()
    await app.register(fastifyPlugin(createHandler(authority, { basePath: '/pki' })), { prefix: '/pki' })
    app.post('/own', (request, reply) => reply.send(request.body))
    await app.listen({ port: 0, host: '127.0.0.1' })
    closing.push(() => app.close())
    const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
    expect((await fetch(`${url}/pki/v1/certificates`, issue)).status).toBe(200)
    expect(authority.calls.at(-1)?.args[0]).toMatchObject({ commonName: 'ü.example' })
    const bare = { method: 'POST', headers: { authorization: headers.authorization } }
    expect((await fetch(`${url}/pki/v1/certificates/${certificateId}/renew`, bare)).status).toBe(200)
    const large = await fetch(`${url}/pki/v1/certificates`, { ...issue, body: ' '.repeat(2_000_000) })
    expect([large.status, await large.json()]).toEqual([413, { error: expect.any(String) }])
    expect((await fetch(`${url}/pki/v1/cas`, { method: 'HEAD', headers })).status).toBe(200)
    const own = await fetch(`${url}/own`, { method: 'POST', headers, body: '{"a":1}' })
    expect(await own.json()).toEqual({ a: 1 })
  })
})
