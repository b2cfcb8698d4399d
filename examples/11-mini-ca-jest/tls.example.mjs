import { once } from 'node:events'
import { createServer, get } from 'node:https'
import { expect, test } from '@jest/globals'
import { bad, miniCa } from '@certwright/testing'

test('a client takes the server', async () => {
  const ca = await miniCa()
  const server = createServer(ca.leaf('localhost').server, (_, response) => response.end('hello'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  try {
    const request = get({ host: '127.0.0.1', port, servername: 'localhost', agent: false, ...ca.client })
    const [response] = await once(request, 'response')
    expect(response.statusCode).toBe(200)
    response.resume()
  } finally {
    server.close()
  }
})

test('the catalogue is at hand', () => {
  expect(bad.expired.make().certificate).toBeInstanceOf(Uint8Array)
})
