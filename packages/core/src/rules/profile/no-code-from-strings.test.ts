import { expect, it, vi } from 'vitest'

it('the schema of profiles makes no code from strings, so that it works under a strict Content Security Policy', async () => {
  const { Function: original } = globalThis
  let calls = 0
  globalThis.Function = new Proxy(original, {
    construct(target, parameters) {
      calls++
      return Reflect.construct(target, parameters) as object
    },
  })
  try {
    vi.resetModules() // so that the schema is made again
    const fresh = await import('./profiles.js')
    fresh.createProfiles({
      device: { keyUsage: ['digitalSignature'], extendedKeyUsage: ['clientAuth'], nameKinds: ['uri'] },
    })
  } finally {
    globalThis.Function = original
  }
  expect(calls).toBe(0)
})
