import type { Rights } from '@certwright/core'
import type { GrantableWorkspace } from '@certwright/core'
import { type RightName, rightNames } from './texts.js'

/** The fields of the consent page's form. */
export const fields = {
  token: 'form_token',
  workspace: 'workspace',
  /** Several; each `CA-ID:RIGHT`. */
  right: 'right',
  decision: 'decision',
} as const

export type Decision = { readonly kind: 'denied' } | { readonly kind: 'allowed'; readonly choice: Choice }

export interface Choice {
  readonly workspaceId: string
  readonly rights: Readonly<Record<string, Rights>>
}

const memberOf: Readonly<Record<RightName, keyof Rights>> = {
  read: 'canRead',
  issue: 'canIssue',
  revoke: 'canRevoke',
}

/**
 * What the user has decided, as far as the page has offered it. Nothing ticked is a denial.
 *
 * @returns `undefined` for a form that asks for what was not offered: a foreign workspace or CA, or a right that the user
 *   does not have (any more)
 */
export function readDecision(
  form: URLSearchParams,
  offered: readonly GrantableWorkspace[],
): Decision | undefined {
  const decision = form.get(fields.decision)
  const ticked = form.getAll(fields.right)
  if (decision === 'deny') return { kind: 'denied' }
  if (decision !== 'allow') return undefined
  if (ticked.length === 0) return { kind: 'denied' }
  const found = offered.find(({ workspace }) => workspace.id === form.get(fields.workspace))
  if (found === undefined) return undefined
  const rights: Record<string, Rights> = {}
  for (const each of ticked) {
    const [caId = '', name = ''] = each.split(':')
    const right = rightNames.find((known) => known === name)
    const ca = found.cas.find(({ id }) => id === caId)
    if (right === undefined || ca === undefined || !hasRight(ca.rights, right)) return undefined
    rights[caId] = { ...(rights[caId] ?? nothing), [memberOf[right]]: true }
  }
  return { kind: 'allowed', choice: { workspaceId: found.workspace.id, rights } }
}

const nothing: Rights = { canRead: false, canIssue: false, canRevoke: false }

export const hasRight = (rights: Rights, name: RightName): boolean => rights[memberOf[name]]
