import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Rights } from '../../ports/records.js'
import { firstBeyond, hasAnyRight, narrowRights } from './narrow-rights.js'

const none: Rights = { canRead: false, canIssue: false, canRevoke: false }
const names = ['canRead', 'canIssue', 'canRevoke'] as const
const rights: fc.Arbitrary<Rights> = fc.record({
  canRead: fc.boolean(),
  canIssue: fc.boolean(),
  canRevoke: fc.boolean(),
})
const caId = fc.constantFrom('a', 'b', 'c')
const granted = fc.dictionary(caId, rights).map((entries) => new Map(Object.entries(entries)))
const member = fc.oneof(fc.constant('all' as const), granted)
const may = (of: ReadonlyMap<string, Rights> | 'all', id: string, right: (typeof names)[number]): boolean =>
  of === 'all' || (of.get(id)?.[right] ?? false)

describe('a grant that is narrowed to a member', () => {
  it('has a right on a CA where both have it, and no other', () => {
    fc.assert(
      fc.property(granted, member, caId, fc.constantFrom(...names), (grant, own, id, right) => {
        expect(may(narrowRights(grant, own), id, right)).toBe(may(grant, id, right) && may(own, id, right))
      }),
    )
  })

  it('names no CA on which the member has no right: that CA does not exist for the member', () => {
    fc.assert(
      fc.property(granted, granted, (grant, own) => {
        expect([...narrowRights(grant, own).values()].every(hasAnyRight)).toBe(true)
      }),
    )
  })

  it('stays as it is for a member who may do all', () => {
    const grant = new Map([['a', none]])
    expect(narrowRights(grant, 'all')).toBe(grant)
  })
})

describe('what a member may grant', () => {
  it('is what narrowing takes nothing from; else the first CA is named on which it does', () => {
    fc.assert(
      fc.property(granted, member, (grant, own) => {
        const beyond = [...grant.keys()].find((id) =>
          names.some((right) => may(grant, id, right) && !may(own, id, right)),
        )
        // A CA of which the member knows nothing is beyond, even where nothing is granted on it.
        const unknown = [...grant.keys()].find((id) => own !== 'all' && !own.has(id))
        const expected = [...grant.keys()].find((id) => id === beyond || id === unknown)
        expect(firstBeyond(grant, own)).toBe(expected)
      }),
    )
  })

  it.each(names)('is nothing for %s alone that the member lacks', (right) => {
    const grant = new Map([['a', { ...none, [right]: true }]])
    expect(firstBeyond(grant, new Map([['a', none]]))).toBe('a')
    expect(firstBeyond(grant, new Map([['a', { ...none, [right]: true }]]))).toBeUndefined()
  })
})

it.each(names)('%s alone is a right', (right) => {
  expect(hasAnyRight(none)).toBe(false)
  expect(hasAnyRight({ ...none, [right]: true })).toBe(true)
})
