import { describe, expect, it } from 'vitest'
import { createSignatureMemory } from './signature-memory.js'
import { caOf, leafOf } from './test-certificates.js'

const root = caOf('Root')
const ca = caOf('CA', { issuer: root })

describe('a memory of signatures', () => {
  it('knows what has verified, under this very key', () => {
    const memory = createSignatureMemory()
    memory.remember(ca.certificate, root.certificate, true)
    expect(memory.recall(ca.certificate, root.certificate)).toBe(true)
    expect(memory.recall(ca.certificate, caOf('Root').certificate)).toBeUndefined()
    expect(memory.recall(leafOf(ca), ca.certificate)).toBeUndefined()
  })

  it('does not know by the signature alone', () => {
    const memory = createSignatureMemory()
    memory.remember(ca.certificate, root.certificate, true)
    const forged = { ...leafOf(ca), signature: ca.certificate.signature }
    expect(memory.recall(forged, root.certificate)).toBeUndefined()
  })

  it('keeps no failures, and no more than its limit', () => {
    const memory = createSignatureMemory({ limit: 2 })
    const leaves = [leafOf(ca), leafOf(ca), leafOf(ca)]
    memory.remember(ca.certificate, root.certificate, false)
    for (const leaf of leaves) memory.remember(leaf, ca.certificate, true)
    expect(leaves.map((leaf) => memory.recall(leaf, ca.certificate))).toEqual([undefined, true, true])
    expect(memory.recall(ca.certificate, root.certificate)).toBeUndefined()
  })

  it.each([0, 1.5, 1_000_001])('refuses a limit of %s', (limit) => {
    expect(() => createSignatureMemory({ limit })).toThrow(RangeError)
  })
})
