import {
  authorityKeyIdentifier,
  basicConstraints,
  certificatePolicies,
  type Extension,
  extendedKeyUsage,
  findExtension,
  keyUsage,
  subjectKeyIdentifier,
} from '@certwright/core'

/*
 * What a parser understood beside what another implementation did (`expected.fields`, as pyca/cryptography decodes):
 * a wrong value behind a right verdict is worse than a wrong verdict.
 */

type Fields = Readonly<Record<string, unknown>>

/** What all parsed structures have in common, or do not have. */
interface Parsed {
  readonly version?: unknown
  readonly serialNumber?: string
  readonly notBefore?: Date
  readonly notAfter?: Date
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date | undefined
  readonly producedAt?: Date
  readonly extensions?: readonly Extension[]
  readonly entries?: readonly unknown[]
}

const timeOf = (time: Date | undefined): string | undefined => time?.toISOString().replace('.000Z', 'Z')
const hexOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString('hex')
const withoutZeros = (hex: unknown): unknown =>
  typeof hex === 'string' ? hex.replace(/^(-?)0+(?=.)/, '$1') : hex

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Field → what we read for it. A field that is not here, or that the pack does not have, is not compared. */
const readings: Readonly<Record<string, (parsed: Parsed, extensions: readonly Extension[]) => unknown>> = {
  version: ({ version }) => version,
  serial: ({ serialNumber }) => withoutZeros(serialNumber),
  notBefore: ({ notBefore }) => timeOf(notBefore),
  notAfter: ({ notAfter }) => timeOf(notAfter),
  thisUpdate: ({ thisUpdate }) => timeOf(thisUpdate),
  producedAt: ({ producedAt }) => timeOf(producedAt),
  nextUpdate: ({ nextUpdate }) => timeOf(nextUpdate) ?? null,
  extensions: (_, extensions) => extensions.map(({ oid, critical }) => ({ oid, critical })),
  basicConstraints: (_, extensions) => {
    const value = findExtension(extensions, basicConstraints)
    return value && { ca: value.isCa, pathLen: value.pathLength ?? null }
  },
  keyUsage: (_, extensions) => findExtension(extensions, keyUsage)?.map(snakeCase).map(pycaKeyUsage),
  eku: (_, extensions) => findExtension(extensions, extendedKeyUsage),
  ski: (_, extensions) => hexOf(findExtension(extensions, subjectKeyIdentifier)),
  aki: (_, extensions) => hexOf(findExtension(extensions, authorityKeyIdentifier)?.keyIdentifier) ?? null,
  policies: (_, extensions) =>
    findExtension(extensions, certificatePolicies)?.map(({ policyIdentifier }) => policyIdentifier),
  revokedCount: ({ entries }) => entries?.length,
}

const pycaKeyUsage = (usage: string): string => usage.replace('c_r_l_sign', 'crl_sign')

/** @returns which field was read otherwise, and how; `undefined`: none */
export function misreadField(parsed: object, fields: Fields): string | undefined {
  const read: Parsed = parsed
  for (const [field, reading] of Object.entries(readings)) {
    const expected = fields[field]
    const got = reading(read, read.extensions ?? [])
    if (expected === undefined || got === undefined) continue
    if (JSON.stringify(got) !== JSON.stringify(field === 'serial' ? withoutZeros(expected) : expected)) {
      return `${field} is ${JSON.stringify(got)}`
    }
  }
  return undefined
}
