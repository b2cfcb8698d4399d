import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { miniCa } from '@certwright/testing'
import { Agent, fetch } from 'undici'
import { expect, it } from 'vitest'

it('a client with a certificate is let in, and one whose certificate has expired is not', async () => {
  const ca = await miniCa()
  const server = createServer(ca.leaf('localhost').mutualServer, (_, response) => response.end('hello'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `https://localhost:${(server.address() as AddressInfo).port}`
  const call = async (identity: object) => {
    const dispatcher = new Agent({ connect: { ...identity, host: '127.0.0.1' } })
    try {
      return await (await fetch(url, { dispatcher })).text()
    } finally {
      await dispatcher.close()
    }
  }
  try {
    expect(await call(ca.clientLeaf('alice').client)).toBe('hello')
    const expired = ca.clientLeaf('bob', { notAfter: new Date('2021-01-01') })
    await expect(call(expired.client)).rejects.toThrow(TypeError)
  } finally {
    server.close()
  }
})
