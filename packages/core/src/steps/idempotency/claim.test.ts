import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { platformCrypto } from '../../crypto/platform.js'
import { operator } from '../../rules/permission/principal.js'
import { idempotencyClaim } from './claim.js'

type Plain = Parameters<typeof idempotencyClaim>[1]['request']

const principal = operator('tests')
const claim = (request: Plain, key = 'k') =>
  idempotencyClaim(key, { principal, operation: 'issue', caId: 'ca1', request }, { crypto: platformCrypto })
const hashOf = async (request: Plain): Promise<string> => (await claim(request)).requestHash

/** Objects as a client may send them. */
const request = fc.jsonValue({ maxDepth: 3 }).filter((value) => value !== null) as fc.Arbitrary<Plain>
const shuffled = (value: Plain): Plain => {
  if (Array.isArray(value)) return value.map(shuffled)
  if (typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value ?? {})
      .map(([k, v]) => [k, shuffled(v)])
      .reverse(),
  )
}

describe('two requests under one idempotency key', () => {
  it('are one where only the order of their fields differs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.array(fc.string()))),
        async (a) => {
          expect(await hashOf(shuffled(a))).toBe(await hashOf(a))
        },
      ),
    )
  })

  it('are one where a field is absent in one and undefined in the other', async () => {
    expect(await hashOf({ a: 1, b: undefined })).toBe(await hashOf({ a: 1 }))
  })

  it.each<[string, Plain, Plain]>([
    ['a value differs', { a: 1 }, { a: 2 }],
    ['a field is there in one alone', { a: 1 }, { a: 1, b: '' }],
    ['a number stands where a text was', { a: 1 }, { a: '1' }],
    ['the order of a list differs', { a: ['x', 'y'] }, { a: ['y', 'x'] }],
    ['a list is split otherwise', { a: ['x,y'] }, { a: ['x', 'y'] }],
    ['a quote moves a border', { a: 'x","b":"y' }, { a: 'x', b: 'y' }],
    ['a list stands where an object was', { a: [] }, { a: {} }],
    ['a list inside a list stands where an object was', { a: [[]] }, { a: [{}] }],
    ['a nested field moves out', { a: { b: 1 } }, { a: {}, b: 1 }],
  ])('are two where %s', async (_, a, b) => {
    expect(await hashOf(a)).not.toBe(await hashOf(b))
  })

  it('are two wherever JSON with sorted fields tells them apart', async () => {
    // Lists and objects in a form of their own each: an empty one of these is none of those.
    const canonical = (v: unknown): unknown => {
      if (typeof v !== 'object' || v === null) return v
      if (Array.isArray(v)) return { list: v.map(canonical) }
      const fields = Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1))
      return { fields: fields.map(([k, w]) => [k, canonical(w)]) }
    }
    await fc.assert(
      fc.asyncProperty(request, request, async (a, b) => {
        fc.pre(!JSON.stringify([a, b]).includes('null'))
        const areOne = JSON.stringify(canonical(a)) === JSON.stringify(canonical(b))
        expect((await hashOf(a)) === (await hashOf(b))).toBe(areOne)
      }),
    )
  })
})

describe('an idempotency key', () => {
  it('is kept as a digest, and means another thing to another principal, operation or CA', async () => {
    const base = { principal, operation: 'issue', caId: 'ca1', request: {} }
    const asked = [
      base,
      { ...base, principal: operator('others') },
      { ...base, operation: 'renew' },
      { ...base, caId: 'ca2' },
    ]
    const scopes = await Promise.all(
      asked.map((one) => idempotencyClaim('secret-key', one, { crypto: platformCrypto })),
    )
    expect(new Set(scopes.map(({ scope }) => scope)).size).toBe(4)
    expect(JSON.stringify(scopes)).not.toContain('secret-key')
  })

  it.each([
    ['empty', '', 0],
    ['longer than 255 characters', 'x'.repeat(256), 256],
  ])('is refused where it is %s', async (_, key, length) => {
    await expect(claim({}, key)).rejects.toThrow(
      expect.objectContaining({ code: 'idempotency_key_invalid', context: { length, maximum: 255 } }),
    )
  })

  it('may have 255 characters', async () => {
    expect((await claim({}, 'x'.repeat(255))).keyHash).toMatch(/^[0-9a-f]{64}$/)
  })
})
