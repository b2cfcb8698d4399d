import type { Rights } from '@certwright/core'
import { expect, it } from 'vitest'
import { readDecision } from './consent-form.js'

const ca = (id: string, rights: Rights) => ({ id, name: id, depth: 0, rights })
const all: Rights = { canRead: true, canIssue: true, canRevoke: true }
const reading: Rights = { canRead: true, canIssue: false, canRevoke: false }

const offered = [
  { workspace: { id: 'ws_a', name: 'A', slug: 'a' }, cas: [ca('ca_root', all), ca('ca_read', reading)] },
  { workspace: { id: 'ws_b', name: 'B', slug: 'b' }, cas: [ca('ca_other', all)] },
]

const decide = (fields: string) => readDecision(new URLSearchParams(fields), offered)

it('what is ticked is granted, CA by CA, and nothing beside it', () => {
  expect(
    decide('decision=allow&workspace=ws_a&right=ca_root:issue&right=ca_root:read&right=ca_read:read'),
  ).toEqual({
    kind: 'allowed',
    choice: {
      workspaceId: 'ws_a',
      rights: { ca_root: { canRead: true, canIssue: true, canRevoke: false }, ca_read: reading },
    },
  })
})

it.each([
  ['the button says so', 'decision=deny'],
  ['the button says so, whatever is ticked', 'decision=deny&workspace=ws_a&right=ca_root:read'],
  ['nothing is ticked', 'decision=allow&workspace=ws_a'],
])('a denial: %s', (_, fields) => {
  expect(decide(fields)).toEqual({ kind: 'denied' })
})

it.each([
  ['no button', 'workspace=ws_a&right=ca_root:read'],
  ['a button that is not there', 'decision=Allow&workspace=ws_a&right=ca_root:read'],
  ['no workspace', 'decision=allow&right=ca_root:read'],
  ['a workspace of somebody else', 'decision=allow&workspace=ws_c&right=ca_root:read'],
  ['a CA of another workspace', 'decision=allow&workspace=ws_b&right=ca_root:read'],
  ['a right that the user does not have', 'decision=allow&workspace=ws_a&right=ca_read:issue'],
  ['a right that does not exist', 'decision=allow&workspace=ws_a&right=ca_root:admin'],
  ['the name of a member', 'decision=allow&workspace=ws_a&right=ca_root:canRead'],
  ['a right without a CA', 'decision=allow&workspace=ws_a&right=read'],
  ['one good right and a bad one', 'decision=allow&workspace=ws_a&right=ca_root:read&right=ca_read:revoke'],
  ['a name that objects have', 'decision=allow&workspace=ws_a&right=__proto__:read'],
])('a form with %s is not one that we have shown', (_, fields) => {
  expect(decide(fields)).toBeUndefined()
})
