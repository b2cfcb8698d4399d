import { PkiError } from '../../errors/pki-error.js'
import type { GeneralName } from '../../x509/general-name.js'
import type { SubjectNames } from './choose-names.js'
import { parseCommonName } from './common-name.js'
import { parseDnsName } from './dns-name.js'
import { parseEmailAddress } from './email-address.js'
import { parseIpName } from './ip-name.js'
import { nameRefused } from './name-refusal.js'
import { type CheckedName, checkNameRules } from './name-rules.js'
import type { Profile } from './profile.js'
import { type NameKind, nameKinds } from './requested-names.js'
import { parseUriName } from './uri-name.js'

/**
 * Most names in one certificate: what Let's Encrypt allows, and no deployment has needed more. A server sends
 * all of them in every handshake, and clients limit how many they compare with name constraints.
 */
const maximumNames = 100

export interface CheckedNames {
  /** `undefined`: none was asked for. */
  readonly commonName: string | undefined
  /** Without duplicates; the host of the common name first, then as requested, kind by kind. */
  readonly names: readonly CheckedName[]
}

/**
 * Every name in its canonical form, allowed by the profile: its kind, its syntax, the name rules.
 *
 * @throws {PkiError} `name_refused`, `request_too_large`
 */
export function checkNames(profile: Profile, request: SubjectNames): CheckedNames {
  const count = nameKinds.reduce((sum, kind) => sum + request.names[kind].length, 0)
  if (count > maximumNames) throw tooManyNames(count)
  const commonName =
    request.commonName === undefined ? undefined : parseCommonName(profile, request.commonName)
  const names = new Map<string, CheckedName>()
  const add = (name: CheckedName): void => {
    checkAgainstProfile(profile, name)
    names.set(`${name.kind}:${name.text}`, name)
  }
  if (commonName?.host) add(commonName.host)
  for (const kind of nameKinds) for (const text of request.names[kind]) add(parsers[kind](profile, text))
  if (names.size > maximumNames) throw tooManyNames(names.size)
  requireNames(profile, commonName?.text, [...names.values()])
  return { commonName: commonName?.text, names: [...names.values()] }
}

const parsers: Readonly<Record<NameKind, (profile: Profile, text: string) => CheckedName>> = {
  dns: (profile, text) => ({ kind: 'dns', text: parseAllowed(profile, 'dns', text, parseDnsName) }),
  ip: (profile, text) => ({ kind: 'ip', ...parseAllowed(profile, 'ip', text, parseIpName) }),
  email: (profile, text) => ({
    kind: 'email',
    text: parseAllowed(profile, 'email', text, parseEmailAddress),
  }),
  uri: (profile, text) => ({ kind: 'uri', ...parseAllowed(profile, 'uri', text, parseUriName) }),
}

function parseAllowed<T>(profile: Profile, kind: NameKind, text: string, parse: (text: string) => T): T {
  if (profile.nameKinds.includes(kind)) return parse(text)
  const allowed =
    profile.nameKinds.length === 0 ? 'no subject alternative names' : profile.nameKinds.join(', ')
  throw nameRefused(
    kind,
    text,
    'kind',
    `is of a kind that profile "${profile.name}" does not allow; it allows ${allowed}`,
  )
}

function checkAgainstProfile(profile: Profile, name: CheckedName): void {
  if (name.kind === 'dns') {
    if (name.text.startsWith('*.') && !profile.wildcards) {
      throw nameRefused(
        'dns',
        name.text,
        'wildcard',
        `is a wildcard, which profile "${profile.name}" does not allow`,
      )
    }
    if (!name.text.includes('.') && profile.qualifiedNamesOnly) {
      throw nameRefused('dns', name.text, 'qualified', 'is a single label; write the fully qualified name')
    }
  }
  checkNameRules(profile.nameRules, name)
}

function requireNames(profile: Profile, commonName: string | undefined, names: readonly CheckedName[]): void {
  const required = profile.requiredNameKinds
  if (required.length > 0 && !names.some(({ kind }) => required.includes(kind))) {
    const needed = `a subject alternative name of kind ${required.join(' or ')}`
    const state = `is not enough: profile "${profile.name}" needs ${needed}`
    throw nameRefused('subject', commonName ?? '', 'required', state)
  }
  if (commonName === undefined && names.length === 0) {
    throw nameRefused(
      'subject',
      '',
      'required',
      'has no name; give a common name or a subject alternative name',
    )
  }
}

function tooManyNames(count: number): PkiError<'request_too_large'> {
  const state = `it has ${count} names where at most ${maximumNames} are allowed; use several certificates`
  const message = `Cannot issue certificate: ${state}`
  return new PkiError('request_too_large', message, { item: 'names', count, maximum: maximumNames })
}

export function toGeneralName(name: CheckedName): GeneralName {
  return name.kind === 'ip' ? { type: 'ip', address: name.address } : { type: name.kind, value: name.text }
}
