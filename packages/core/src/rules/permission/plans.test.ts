import { describe, expect, it } from 'vitest'
import type { Rights } from '../../ports/records.js'
import { allRights, grantsFor } from './plans.js'

const none: Rights = { canRead: false, canIssue: false, canRevoke: false }
const readOnly: Rights = { ...none, canRead: true }

describe('the free plan', () => {
  it('gives all three rights on each of the chosen CAs', () => {
    expect(grantsFor('free', { caIds: ['a', 'b'] })).toEqual({
      ok: true,
      grants: new Map([
        ['a', allRights],
        ['b', allRights],
      ]),
    })
  })

  it('takes a full grant, and refuses a part of one', () => {
    expect(grantsFor('free', { grants: new Map([['a', { ...allRights }]]) }).ok).toBe(true)
    expect(grantsFor('free', { grants: new Map([['a', readOnly]]) })).toEqual({ ok: false, fault: 'plan' })
  })
})

describe('the pro plan', () => {
  it('gives rights one by one, and a grant counts more than the list of CAs', () => {
    const verdict = grantsFor('pro', { caIds: ['a', 'b'], grants: new Map([['b', readOnly]]) })
    expect(verdict).toEqual({
      ok: true,
      grants: new Map([
        ['a', allRights],
        ['b', readOnly],
      ]),
    })
  })
})

describe('every plan', () => {
  it.each(['canRead', 'canIssue', 'canRevoke'] as const)('takes %s for a right', (right) => {
    const grants = new Map([['a', { ...none, [right]: true }]])
    expect(grantsFor('pro', { grants })).toEqual({ ok: true, grants })
    expect(grantsFor('free', { grants: new Map([['a', { ...allRights, [right]: false }]]) })).toEqual({
      ok: false,
      fault: 'plan',
    })
  })

  it.each(['free', 'pro'] as const)(
    '(%s) refuses a key without a CA, and a grant without a right',
    (plan) => {
      expect(grantsFor(plan, {})).toEqual({ ok: false, fault: 'no_ca' })
      expect(grantsFor(plan, { caIds: [], grants: new Map() })).toEqual({ ok: false, fault: 'no_ca' })
      expect(grantsFor(plan, { grants: new Map([['a', none]]) })).toEqual({ ok: false, fault: 'no_right' })
    },
  )
})
