import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import type { RequestIssue } from '../errors/codes.js'
import { displayName, parsePlainData, uuid } from './plain-data.js'

const schema = z.strictObject({
  sanDns: z.optional(z.array(z.string())),
  nested: z.optional(z.strictObject({ days: z.int() })),
})

function issuesOf(input: unknown, path?: readonly string[]): unknown {
  try {
    return parsePlainData(schema, input, { action: 'Cannot issue', ...(path && { path }) })
  } catch (error) {
    return (error as { context: { issues: RequestIssue[] } }).context.issues
  }
}

const at = (...paths: string[]): unknown[] => paths.map((path): unknown => expect.objectContaining({ path }))

describe('an id', () => {
  const about = { action: 'Cannot find' }

  it('is taken in either case and is lowercase afterwards (RFC 9562 §4)', () => {
    const id = '01a2067e-a9df-7f2b-8d95-9ec01d33eff2'
    expect(parsePlainData(uuid, id.toUpperCase(), about)).toBe(id)
  })

  it('is refused where it is no UUID', () => {
    expect(() => parsePlainData(uuid, '01a2067e', about)).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: 'Cannot find: it must be a UUID' }),
    )
  })
})

describe('a name', () => {
  const about = { action: 'Cannot create CA' }

  it('is trimmed, and may be in any script', () => {
    expect(parsePlainData(displayName, ' Zoë 🔑 ', about)).toBe('Zoë 🔑')
  })

  it.each(['', ' ', 'x'.repeat(201), 'a\0b', 'a\nb', '\u0085', 'half \ud83d'])('is refused as %j', (name) => {
    expect(() => parsePlainData(displayName, name, about)).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    )
  })
})

describe('plain data', () => {
  it('is refused with the place of each fault', () => {
    const faults = { sanDns: ['a', 5], nested: { days: 1.5 } }
    expect(issuesOf(faults)).toEqual(at('sanDns[1]', 'nested.days'))
    expect(issuesOf(faults, ['profiles', 'a'])).toEqual(at('profiles.a.sanDns[1]', 'profiles.a.nested.days'))
  })

  it('is refused with the name of an unknown field', () => {
    expect(() => parsePlainData(schema, { sanDNS: [] }, { action: 'Cannot issue' })).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        message: 'Cannot issue: it has unknown fields: "sanDNS"',
      }),
    )
    expect(issuesOf({ nested: { days: 1, hours: 2 } })).toEqual([
      { path: 'nested', message: 'has unknown fields: "hours"' },
    ])
  })

  it('is refused with 20 faults at most, however many it has', () => {
    expect(issuesOf({ sanDns: Array(10_000).fill(5) })).toHaveLength(20)
  })

  it.each([[null], ['{}'], [[]], [undefined]])('is an object, and not %j', (input) => {
    expect(issuesOf(input)).toHaveLength(1)
  })
})
