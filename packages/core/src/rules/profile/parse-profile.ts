import * as z from 'zod/mini'
import { encodeOid } from '../../asn1/oid.js'
import type { KeyFamily } from '../../crypto/algorithm-names.js'
import { keyAlgorithmNames } from '../../crypto/key-algorithms.js'
import { parsePlainData } from '../../encoding/plain-data.js'
import { isPkiError } from '../../errors/pki-error.js'
import type { NameFields } from '../../x509/attribute-types.js'
import { parseIpAddress } from '../../x509/ip-address.js'
import { type KeyPurpose, keyPurposes } from '../../x509/key-purposes.js'
import { createName } from '../../x509/name.js'
import { parseDnsName } from './dns-name.js'
import { parseEmailAddress } from './email-address.js'
import { parseRange } from './name-rules.js'
import {
  type EndEntityKeyUsage,
  longestDaysWithoutRevocation,
  longestValidityDays,
  type MaximumValidity,
  type Profile,
} from './profile.js'
import type { NameKind } from './requested-names.js'

const endEntityKeyUsages = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'encipherOnly',
  'decipherOnly',
] as const satisfies readonly EndEntityKeyUsage[]

const nameKind = z.enum(['dns', 'ip', 'email', 'uri'] as const satisfies readonly NameKind[])
const usages = z.array(z.enum(endEntityKeyUsages)).check(z.minLength(1))
const days = z.int().check(z.gte(1), z.lte(longestValidityDays))
// What a CA can be set to: see `CrlSchedule`.
const crlDays = z.int().check(z.gte(1), z.lte(365))
const oid = z.string().check(z.refine(isOid, 'must be an object identifier, like 1.3.6.1.4.1.32473.1'))
const purpose = z.string().check(
  z.refine((text) => purposeOid(text) !== undefined, 'must be a key purpose like "serverAuth", or its OID'),
  // RFC 5280 §4.2.1.12 has it for CAs that cannot know; whoever writes a profile can.
  z.refine((text) => purposeOid(text) !== keyPurposes.anyExtendedKeyUsage, 'must not be anyExtendedKeyUsage'),
)
const hostPattern = z.string().check(z.refine(isHostPattern, 'must be a DNS name, or "*." and a DNS name'))
const ruleSet = z.strictObject({
  dns: z.optional(z.array(hostPattern)),
  ip: z.optional(z.array(z.string().check(z.refine(isRange, 'must be like "10.0.0.0/8"')))),
  email: z.optional(
    z.array(z.string().check(z.refine(isEmailPattern, 'must be a mailbox, a domain, or "*." and a domain'))),
  ),
  uri: z.optional(
    z.array(z.string().check(z.refine(isUriPattern, 'must be a host, or "*." and a DNS name'))),
  ),
})
const subject = z
  .strictObject({
    country: z.optional(z.string()),
    state: z.optional(z.string()),
    locality: z.optional(z.string()),
    organization: z.optional(z.string()),
    organizationalUnit: z.optional(z.string()),
    serialNumber: z.optional(z.string()),
    emailAddress: z.optional(z.string()),
    domainComponent: z.optional(z.array(z.string())),
  })
  .check(z.refine(canBeWritten, 'must have values that a name can have (RFC 5280 appendix A.1)'))
const calendar = z.array(z.strictObject({ from: z.iso.date(), days })).check(
  z.minLength(1),
  z.refine(
    (rows) => rows.every((row, i) => i === 0 || (rows[i - 1]?.from ?? '') < row.from),
    'must be in order of time',
  ),
)

const schema = z
  .strictObject({
    keyUsage: z.union([usages, z.strictObject(everyFamily(usages))]),
    extendedKeyUsage: z.array(purpose).check(z.minLength(1)),
    extendedKeyUsageCritical: z.optional(z.boolean()),
    keyAlgorithms: z.optional(z.array(z.enum(keyAlgorithmNames)).check(z.minLength(1))),
    defaultValidityDays: z.optional(days),
    maximumValidityDays: z.optional(z.union([days, calendar])),
    nameKinds: z.array(nameKind),
    requiredNameKinds: z.optional(z.array(nameKind)),
    wildcards: z.optional(z.boolean()),
    qualifiedNamesOnly: z.optional(z.boolean()),
    nameRules: z.optional(z.strictObject({ permit: z.optional(ruleSet), deny: z.optional(ruleSet) })),
    subject: z.optional(subject),
    certificatePolicies: z.optional(z.array(oid)),
    ocspNoCheck: z.optional(z.boolean()),
    noRevocation: z.optional(z.boolean()),
    suspension: z.optional(z.boolean()),
    crlTimes: z.optional(z.strictObject({ validityDays: crlDays, intervalDays: crlDays })),
    forPublicTrust: z.optional(z.boolean()),
  })
  .check(
    z.refine(
      ({ requiredNameKinds = [], nameKinds }) => requiredNameKinds.every((kind) => nameKinds.includes(kind)),
      {
        path: ['requiredNameKinds'],
        error: 'must be among nameKinds',
      },
    ),
    z.refine(
      ({ defaultValidityDays = 1, maximumValidityDays }) => {
        return typeof maximumValidityDays !== 'number' || defaultValidityDays <= maximumValidityDays
      },
      { path: ['defaultValidityDays'], error: 'must not be above maximumValidityDays' },
    ),
    z.refine(
      ({ noRevocation, maximumValidityDays = longestValidityDays }) =>
        noRevocation !== true || longestOf(maximumValidityDays) <= longestDaysWithoutRevocation,
      {
        path: ['maximumValidityDays'],
        error: `must be at most ${longestDaysWithoutRevocation} where there is no revocation`,
      },
    ),
  )

/**
 * Check what a host has written (a `ProfileDefinition`) and fill in the defaults.
 *
 * @throws {PkiError} `invalid_request`, with every fault and where it is: `profiles.device.nameKinds[1]`
 */
export function parseProfile(name: string, input: unknown): Profile {
  const action = `Cannot use profile "${name}"`
  const definition = parsePlainData(schema, input, { action, path: ['profiles', name] })
  const { keyUsage } = definition
  return {
    name,
    keyUsage: Array.isArray(keyUsage) ? everyFamily(keyUsage) : keyUsage,
    // The schema has let only purposes pass that have an OID.
    extendedKeyUsage: unique(definition.extendedKeyUsage.map((text) => purposeOid(text) ?? text)),
    extendedKeyUsageCritical: definition.extendedKeyUsageCritical ?? false,
    keyAlgorithms: definition.keyAlgorithms ?? keyAlgorithmNames,
    defaultValidityDays: definition.defaultValidityDays ?? 365,
    maximumValidityDays: definition.maximumValidityDays ?? longestValidityDays,
    nameKinds: definition.nameKinds,
    requiredNameKinds: definition.requiredNameKinds ?? [],
    wildcards: definition.wildcards ?? false,
    qualifiedNamesOnly: definition.qualifiedNamesOnly ?? false,
    nameRules: definition.nameRules ?? {},
    subject: definition.subject ?? {},
    certificatePolicies: unique(definition.certificatePolicies ?? []),
    ocspNoCheck: definition.ocspNoCheck ?? false,
    noRevocation: definition.noRevocation ?? false,
    suspension: definition.suspension ?? true,
    ...(definition.crlTimes !== undefined && { crlTimes: definition.crlTimes }),
    forPublicTrust: definition.forPublicTrust ?? false,
  }
}

/** The same for each. */
function everyFamily<T>(value: T): Record<KeyFamily, T> {
  return { RSA: value, 'RSA-PSS': value, ECDSA: value, EdDSA: value, 'ML-DSA': value, 'SLH-DSA': value }
}

const longestOf = (maximum: MaximumValidity): number =>
  typeof maximum === 'number' ? maximum : Math.max(...maximum.map((row) => row.days))

const unique = (list: readonly string[]): readonly string[] => [...new Set(list)]

function purposeOid(text: string): string | undefined {
  if (Object.hasOwn(keyPurposes, text)) return keyPurposes[text as KeyPurpose]
  return isOid(text) ? text : undefined
}

function isOid(text: string): boolean {
  return succeeds(() => encodeOid(text))
}

function canBeWritten(fields: NameFields): boolean {
  return succeeds(() => createName(fields))
}

function isHostPattern(text: string): boolean {
  if (text.startsWith('*.*')) return false
  return succeeds(() => parseDnsName(text.startsWith('*.') ? text.slice(2) : text))
}

function isEmailPattern(text: string): boolean {
  return text.includes('@') ? succeeds(() => parseEmailAddress(text)) : isHostPattern(text)
}

function isUriPattern(text: string): boolean {
  return isHostPattern(text) || parseIpAddress(text) !== undefined
}

function isRange(text: string): boolean {
  return parseRange(text) !== undefined
}

/** True where the parser takes the text. */
function succeeds(parse: () => unknown): boolean {
  try {
    parse()
    return true
  } catch (error) {
    if (isPkiError(error)) return false
    throw error
  }
}
