import { afterAll, beforeAll, expect, it } from 'vitest'
import { call, issueBoth, startServer } from './main.js'

/** In TLS 1.3 the client is done before the server has looked at its certificate: what it sees is a matter of timing. */
const refusal = /certificate required|ECONNRESET|EPIPE|socket hang up/

let ours: Awaited<ReturnType<typeof issueBoth>>
let running: Awaited<ReturnType<typeof startServer>>

beforeAll(async () => {
  ours = await issueBoth()
  running = await startServer(ours.server)
})

afterAll(() => running.close())

it('tells the server who calls', async () => {
  expect(await call(running.port, ours.client)).toBe('Hello, billing')
})

it('refuses a client without a certificate, and one of another authority', async () => {
  const { ca } = ours.client
  await expect(call(running.port, { ca })).rejects.toThrow(refusal)
  const strangers = await issueBoth()
  await expect(call(running.port, { ...strangers.client, ca })).rejects.toThrow(refusal)
})

it('refuses a client that shows a server certificate', async () => {
  await expect(call(running.port, ours.server)).rejects.toThrow(refusal)
})

it('refuses a server under another name, or of another authority', async () => {
  await expect(call(running.port, ours.client, 'other.example')).rejects.toMatchObject({
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  })
  const strangers = await issueBoth()
  await expect(call(running.port, strangers.client)).rejects.toMatchObject({
    code: expect.stringMatching(/UNABLE_TO|SELF_SIGNED/),
  })
})
