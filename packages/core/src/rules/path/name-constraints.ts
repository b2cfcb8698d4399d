import { fieldTypes } from '../../x509/attribute-types.js'
import type { GeneralSubtree, NameConstraints } from '../../x509/extensions/name-constraints.js'
import { formatGeneralName, type GeneralName } from '../../x509/general-name.js'
import type { Name } from '../../x509/name.js'
import { unreadableBase, unreadableName } from './constrained-names.js'
import { type SubtreeSet, subtreeSet } from './subtree-set.js'

/*
 * Name constraints (RFC 5280 §4.2.1.10): a CA certificate says for which names the certificates below it may
 * stand.
 *
 * The algorithm of §6.1 carries two sets down the path, permitted and excluded subtrees, and narrows them at
 * each CA: permitted by intersection, excluded by union. We never compute these sets. A name is in the
 * intersection of all permitted sets exactly if it is in each of them, and in the union of the excluded ones
 * if it is in any; so every CA's constraints are checked on their own against every certificate below it, and
 * the answer is the same. What is saved is the intersection of subtrees, where implementations have gone wrong.
 *
 * For one CA and one name:
 *   1. Only subtrees of the name's own form count. A CA that permits `example.org` says nothing of IP
 *      addresses; one that permits 10.0.0.0/8 has spoken of all IP addresses, of version 6 too.
 *   2. A name in an excluded subtree is refused, whatever is permitted.
 *   3. Where there are permitted subtrees of its form, the name must be in one of them.
 *
 * Where the RFC is silent, or clients are known to differ, we take the side that refuses:
 *   - A wildcard stands for many names. It is permitted if all of them are and excluded if one is:
 *     `*.example.org` is excluded by `db.example.org` (as in BoringSSL, and in Go since CVE-2025-61727).
 *   - `.example.org` as a DNS constraint is not in the RFC. It means one label or more in front, as in URI
 *     and e-mail constraints (Go, BoringSSL, OpenSSL).
 *   - Case counts in the local part of a permitted mailbox (§7.5), not in that of an excluded one
 *     (BoringSSL).
 *   - The emailAddress of a subject is held against e-mail constraints even beside a subjectAltName, since
 *     mail software reads it there (OpenSSL; §4.2.1.10 asks for it only where there is no subjectAltName).
 *   - What cannot be decided is refused: a form of name that we do not compare, under a constraint of that
 *     form; a `minimum` other than 0 or a `maximum`, both "MUST either process these fields or reject"; a
 *     name that has not the syntax of its form; a URI without a host, or with an IP address for one.
 *
 * The common name is not looked at: no client may read a host from it any more (RFC 9525 §2), and our profiles
 * turn one that is a host into a subject alternative name.
 *
 * Names are looked up (subtree-set.ts), so that the work grows with their number and not with its product with that
 * of the subtrees. There are two bounds all the same: one certificate may not ask for more comparisons than others
 * make, and a search not for more names than it has time for.
 */

/**
 * Names times subtrees, for one certificate below one CA: all of either, as OpenSSL (NAME_CHECK_MAX) and BoringSSL
 * (kMaxChecks) count, with whom such a certificate would not be valid either.
 */
const maximumComparisons = 2 ** 20

/**
 * Names that are looked up in one search, at a third of a microsecond: a leaf with a thousand names below a hundred CAs
 * with constraints needs a tenth.
 */
const maximumLookups = 2 ** 20

/** What is left of the names that may be looked up. */
export interface ComparisonBudget {
  remaining: number
}

export const createComparisonBudget = (): ComparisonBudget => ({ remaining: maximumLookups })

/** The names of one certificate that constraints apply to. */
export interface ConstrainedNames {
  readonly subject: Name
  readonly subjectAltNames: readonly GeneralName[]
}

export type NameConstraintFaultCode =
  | 'name_excluded'
  | 'name_not_permitted'
  | 'name_constraint_unsupported'
  | 'name_constraint_budget'

export interface NameConstraintFault {
  readonly fault: NameConstraintFaultCode
  /** A sentence that names the name and the subtree. */
  readonly message: string
}

/**
 * Hold the names of one certificate against the constraints of one CA above it. Whether they apply at all,
 * self-issued certificates being exempt (§6.1.3 (b), (c)), is for the caller.
 *
 * @param budget shared by all calls of one search; it is drawn on
 * @returns the first fault; `undefined`: there is none
 */
export function checkNameConstraints(
  constraints: NameConstraints,
  names: ConstrainedNames,
  budget: ComparisonBudget,
): NameConstraintFault | undefined {
  const { subject, subjectAltNames } = names
  const count = subject.rdns.length + subjectAltNames.length
  const subtrees = constraints.permitted.length + constraints.excluded.length
  budget.remaining -= count
  if (budget.remaining < 0) return tooMany(maximumLookups, 'names in all')
  const byForm = arranged(constraints)
  for (const { form, name } of namesByForm(names)) {
    const fault = checkName(name, byForm.get(form))
    if (fault) return fault
  }
  return count * subtrees > maximumComparisons
    ? tooMany(maximumComparisons, 'comparisons with subtrees')
    : undefined
}

const tooMany = (limit: number, what: string): NameConstraintFault => ({
  fault: 'name_constraint_budget',
  message: `name constraints take more than ${limit} ${what}`,
})

/** What one CA says of one form of names. */
interface FormConstraints {
  readonly permitted: readonly GeneralName[]
  readonly excluded: readonly GeneralName[]
  readonly within: SubtreeSet
  readonly without: SubtreeSet
  /** Why nothing can be compared with them. */
  readonly undecidable: string | undefined
}

type ConstraintsByForm = ReadonlyMap<GeneralName['type'], FormConstraints>

/** Arranged once: the constraints of a CA meet every certificate below it, on every path. */
const rememberedForms = new WeakMap<NameConstraints, ConstraintsByForm>()

function arranged(constraints: NameConstraints): ConstraintsByForm {
  const known = rememberedForms.get(constraints)
  if (known !== undefined) return known
  const { permitted, excluded } = constraints
  const forms = new Set([...permitted, ...excluded].map(({ base }) => base.type))
  const byForm = new Map([...forms].map((form) => [form, constraintsOf(form, permitted, excluded)]))
  rememberedForms.set(constraints, byForm)
  return byForm
}

function constraintsOf(
  form: GeneralName['type'],
  allPermitted: readonly GeneralSubtree[],
  allExcluded: readonly GeneralSubtree[],
): FormConstraints {
  const isOfForm = ({ base }: GeneralSubtree): boolean => base.type === form
  const undecidable = firstUndecidable([...allExcluded.filter(isOfForm), ...allPermitted.filter(isOfForm)])
  const permitted = allPermitted.filter(isOfForm).map(({ base }) => base)
  const excluded = allExcluded.filter(isOfForm).map(({ base }) => base)
  return {
    permitted,
    excluded,
    within: subtreeSet(form, permitted),
    without: subtreeSet(form, excluded),
    undecidable,
  }
}

function checkName(
  name: GeneralName,
  constraints: FormConstraints | undefined,
): NameConstraintFault | undefined {
  if (constraints === undefined) return undefined
  const { permitted, excluded, within, without } = constraints
  const undecidable = unreadableName(name) ?? constraints.undecidable
  if (undecidable !== undefined)
    return { fault: 'name_constraint_unsupported', message: `${shown(name)} ${undecidable}` }
  if (without.has(name, 'any')) {
    const excluding = excluded.find((base) => subtreeSet(base.type, [base]).has(name, 'any'))
    return {
      fault: 'name_excluded',
      message: `${shown(name)} is in the excluded subtree ${excluding && shown(excluding)}`,
    }
  }
  const [first, ...others] = permitted
  if (first === undefined || within.has(name, 'all')) return undefined
  const subtrees =
    others.length === 0 ? `the permitted subtree ${shown(first)}` : 'any permitted subtree of its form'
  return { fault: 'name_not_permitted', message: `${shown(name)} is not in ${subtrees}` }
}

function firstUndecidable(subtrees: readonly GeneralSubtree[]): string | undefined {
  for (const { base, minimum, maximum } of subtrees) {
    const reason = minimum !== 0 || maximum !== undefined ? 'has a minimum or maximum' : unreadableBase(base)
    if (reason !== undefined) return `cannot be compared with the subtree ${shown(base)}, which ${reason}`
  }
  return undefined
}

/** RFC 9598 §3: an e-mail address whose local part is not ASCII. */
const smtpUtf8Mailbox = '1.3.6.1.5.5.7.8.9'

/** Each name with the form of the subtrees that it is held against. */
function* namesByForm(names: ConstrainedNames): Iterable<{ form: GeneralName['type']; name: GeneralName }> {
  const { subject, subjectAltNames } = names
  if (subject.rdns.length > 0) yield { form: 'directoryName', name: { type: 'directoryName', name: subject } }
  for (const { type, value } of subject.rdns.flat()) {
    if (type === fieldTypes.emailAddress.oid) yield { form: 'email', name: { type: 'email', value } }
  }
  for (const name of subjectAltNames) {
    yield { form: name.type, name }
    // RFC 9598 §6: e-mail constraints hold for it too.
    if (name.type === 'otherName' && name.typeId === smtpUtf8Mailbox) yield { form: 'email', name }
  }
}

const shown = (name: GeneralName): string => formatGeneralName(name).slice(0, 300)
