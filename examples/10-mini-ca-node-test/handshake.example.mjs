import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { connect, createServer } from 'node:tls'
import { miniCa } from '@certwright/testing'

const ca = await miniCa({ seed: 'the same bytes each time' })

/** @type {import('node:tls').Server} */
let server
let identity = ca.leaf('localhost').server

before(async () => {
  server = createServer(identity, (socket) => socket.end('hello'))
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
after(() => server.close())

/** @returns the error of the handshake; undefined: there is none */
async function handshake() {
  server.setSecureContext(identity)
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ...ca.client })
  try {
    await once(socket, 'secureConnect')
    return undefined
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code
  } finally {
    socket.destroy()
  }
}

void test('a client takes the server', async () => {
  assert.equal(await handshake(), undefined)
})

void test('a client refuses what is expired, or for somebody else', async () => {
  identity = ca.expired('localhost').server
  assert.equal(await handshake(), 'CERT_HAS_EXPIRED')
  identity = ca.leaf('other.test').server
  assert.equal(await handshake(), 'ERR_TLS_CERT_ALTNAME_INVALID')
})
