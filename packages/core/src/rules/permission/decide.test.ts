import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Rights } from '../../ports/records.js'
import { type Action, decide, isAction, readableCaIds } from './decide.js'
import { apiKeyPrincipal, isPrincipal, oauthPrincipal, operator } from './principal.js'

const actions: readonly Action[] = ['read', 'issue', 'revoke']
const rights: fc.Arbitrary<Rights> = fc.record({
  canRead: fc.boolean(),
  canIssue: fc.boolean(),
  canRevoke: fc.boolean(),
})
const caId = fc.constantFrom('a', 'b', 'c', 'd')
const workspaceId = fc.constantFrom('w1', 'w2')
const ca = fc.record({ id: caId, workspaceId })
const apiKey = fc
  .record({ grants: fc.dictionary(caId, rights), workspaceId })
  .map(({ grants, workspaceId }) =>
    apiKeyPrincipal({
      id: 'k1',
      name: 'deploy',
      prefix: 'cm_abcd',
      userId: 'u1',
      workspaceId,
      grants: new Map(Object.entries(grants)),
    }),
  )
const action = fc.constantFrom(...actions)
const rightOf = (r: Rights, asked: Action): boolean =>
  ({ read: r.canRead, issue: r.canIssue, revoke: r.canRevoke })[asked]

describe('a decision on an API key', () => {
  it('allows exactly what a grant on this very CA, in its own workspace, says', () => {
    fc.assert(
      fc.property(apiKey, action, ca, (principal, asked, about) => {
        const grant = principal.grants.get(about.id)
        const expected =
          principal.workspaceId === about.workspaceId && grant !== undefined && rightOf(grant, asked)
        expect(decide(principal, asked, about).allowed).toBe(expected)
      }),
    )
  })

  it('allows nothing on what it cannot see', () => {
    fc.assert(
      fc.property(apiKey, action, ca, (principal, asked, about) => {
        const { allowed, visible } = decide(principal, asked, about)
        expect(allowed && !visible).toBe(false)
      }),
    )
  })

  it('is the same for visibility whatever is asked', () => {
    fc.assert(
      fc.property(apiKey, ca, (principal, about) => {
        expect(new Set(actions.map((asked) => decide(principal, asked, about).visible)).size).toBe(1)
      }),
    )
  })

  it('lists what can be read, and only that', () => {
    fc.assert(
      fc.property(apiKey, (principal) => {
        const readable = [...principal.grants.keys()].filter(
          (id) => decide(principal, 'read', { id, workspaceId: principal.workspaceId }).allowed,
        )
        expect(readableCaIds(principal)).toEqual(readable)
      }),
    )
  })

  it.each([
    ['grant', { canRead: true, canIssue: false, canRevoke: false }, 'w1', true, true],
    ['grant_lacks_right', { canRead: false, canIssue: true, canRevoke: false }, 'w1', false, true],
    ['grant_lacks_right', { canRead: false, canIssue: false, canRevoke: true }, 'w1', false, true],
    ['no_grant', { canRead: false, canIssue: false, canRevoke: false }, 'w1', false, false],
    ['no_grant', undefined, 'w1', false, false],
    ['other_workspace', { canRead: true, canIssue: true, canRevoke: true }, 'w2', false, false],
  ] as const)('to read tells its rule: %s, of %j in %s', (rule, grant, workspaceId, allowed, visible) => {
    const grants = new Map(grant ? [['a', grant]] : [])
    const key = { id: 'k1', name: 'deploy', prefix: 'cm_abcd', userId: 'u1', workspaceId: 'w1', grants }
    expect(decide(apiKeyPrincipal(key), 'read', { id: 'a', workspaceId })).toEqual({
      action: 'read',
      caId: 'a',
      principal: { kind: 'apiKey', id: 'k1' },
      allowed,
      visible,
      rule,
      ...(visible && { rights: grant }),
    })
  })

  it('never gets wider where a right is taken away', () => {
    fc.assert(
      fc.property(apiKey, caId, action, action, ca, (principal, id, taken, asked, about) => {
        const before = principal.grants.get(id)
        if (before === undefined) return
        const right = ({ read: 'canRead', issue: 'canIssue', revoke: 'canRevoke' } as const)[taken]
        const less = apiKeyPrincipal({
          ...principal,
          grants: new Map([...principal.grants, [id, { ...before, [right]: false }]]),
        })
        const isWider = decide(less, asked, about).allowed && !decide(principal, asked, about).allowed
        expect(isWider).toBe(false)
      }),
    )
  })
})

describe('the operator', () => {
  it('may do everything everywhere', () => {
    fc.assert(
      fc.property(action, ca, (asked, about) => {
        expect(decide(operator('host'), asked, about)).toEqual({
          action: asked,
          caId: about.id,
          principal: { kind: 'operator', id: 'host' },
          allowed: true,
          visible: true,
          rule: 'operator',
        })
      }),
    )
    expect(readableCaIds(operator('host'))).toBeUndefined()
  })

  it.each([[''], ['x'.repeat(101)]])('has a name of 1 to 100 characters', (name) => {
    expect(() => operator(name)).toThrow(RangeError)
    expect(operator('x'.repeat(100)).id).toHaveLength(100)
  })
})

describe('a principal', () => {
  it('cannot be written in JSON', () => {
    const forged: unknown = JSON.parse(JSON.stringify(operator('host')))
    expect(forged).toMatchObject({ kind: 'operator', id: 'host' })
    expect(isPrincipal(forged)).toBe(false)
    expect(isPrincipal(JSON.parse('{"kind":"operator","Symbol(certwright.Principal)":true}'))).toBe(false)
  })

  it.each([[null], [undefined], ['operator'], [{}]])('is not %j', (value) => {
    expect(isPrincipal(value)).toBe(false)
  })

  const key = {
    id: 'k1',
    name: 'deploy',
    prefix: 'cm_abcd',
    userId: 'u1',
    workspaceId: 'w1',
    grants: new Map(),
  }
  const grant = {
    id: 'g1',
    clientId: 'c1',
    clientName: 'App',
    userId: 'u1',
    workspaceId: 'w1',
    grants: new Map(),
  }

  it.each([
    ['operator', operator('host'), { id: 'host' }],
    ['apiKey', apiKeyPrincipal(key), key],
    ['oauth', oauthPrincipal(grant), grant],
  ] as const)('is known for one, with its kind, and cannot be changed: %s', (kind, principal, fields) => {
    expect(principal).toMatchObject({ kind, ...fields })
    expect(isPrincipal(principal)).toBe(true)
    expect(Object.isFrozen(principal)).toBe(true)
  })
})

it.each([
  ['read', true],
  ['issue', true],
  ['revoke', true],
  ['toString', false],
  ['', false],
  [undefined, false],
  [['read'], false],
])('%j is an action: %s', (value, expected) => {
  expect(isAction(value)).toBe(expected)
})
