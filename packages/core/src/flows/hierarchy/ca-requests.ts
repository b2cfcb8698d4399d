import * as z from 'zod/mini'
import type { KeyAlgorithm } from '../../crypto/algorithm-names.js'
import { keyAlgorithmNames } from '../../crypto/key-algorithms.js'
import { displayName, parsePlainData, uuid } from '../../encoding/plain-data.js'
import { PkiError } from '../../errors/pki-error.js'
import { type SettableReason, settableReasons } from '../../rules/revocation/transitions.js'
import type { NameFields } from '../../x509/attribute-types.js'

/** Names in and below which, or outside which, everything that is issued under a CA must be (RFC 5280 §4.2.1.10). */
export interface NameLists {
  /** Domains: `example.org` is itself and everything below; `.example.org` only what is below. */
  readonly dns?: readonly string[]
  /** Ranges: `192.0.2.0/24`, `2001:db8::/32`. */
  readonly ip?: readonly string[]
  /** Mailboxes, hosts, or domains with a leading dot. */
  readonly email?: readonly string[]
  /** Hosts, or domains with a leading dot. */
  readonly uri?: readonly string[]
}

interface NewCa {
  /** Unique among the CAs of the workspace, 1 to 200 characters. */
  readonly name: string
  /** Its `commonName` is the CA's name where it is absent. */
  readonly subject?: NameFields
  /** ECDSA-P256 where absent. */
  readonly keyAlgorithm?: KeyAlgorithm
  /** 1 to 36,500. A root gets 3,650 where absent, an intermediate 1,825, cut to its issuer's end. */
  readonly validityDays?: number
  /** How many CAs may stand below, 0 to 15; absent = no limit. */
  readonly pathLength?: number
  readonly nameConstraints?: { readonly permitted?: NameLists; readonly excluded?: NameLists }
  /** 8 to 1,024 characters. With it the key can be used only by who knows it. */
  readonly passphrase?: string
}

export interface CreateRootRequest extends NewCa {
  /** The default workspace where absent. */
  readonly workspaceId?: string
}

export interface CreateIntermediateRequest extends NewCa {
  readonly parentCaId: string
  /** Needed where the parent has a passphrase. */
  readonly parentPassphrase?: string
  /** OIDs or names of key purposes: what may be issued below is limited to them. Absent = no limit. */
  readonly extendedKeyUsage?: readonly string[]
}

export interface ImportCaRequest {
  readonly name: string
  /** PEM or DER. */
  readonly certificate: string | Uint8Array
  /** PKCS#8, PKCS#1 or SEC 1, PEM or DER, not encrypted. */
  readonly privateKey: string | Uint8Array
  /** The issuer's certificates up to the root, PEM, nearest first; none for a root. */
  readonly chain?: string
  /** The passphrase that the key gets in custody. */
  readonly passphrase?: string
  readonly workspaceId?: string
}

/** Whose name and key are certified: one of the first three. */
export interface CrossSignRequest {
  /** A CA that is kept here. */
  readonly caId?: string
  /** The certificate of a CA from elsewhere, PEM or DER. */
  readonly certificate?: string | Uint8Array
  /** The request of a CA from elsewhere, PEM, signed with its key. */
  readonly csrPem?: string
  /** The CA that signs. */
  readonly issuerCaId: string
  /** Needed where the issuer has a passphrase. */
  readonly issuerPassphrase?: string
  /** 1 to 36,500. 1,825 where absent, cut to the issuer's end. */
  readonly validityDays?: number
  /** As for `createIntermediate`; where absent, what the CA's own certificate says is said again. */
  readonly pathLength?: number
  readonly nameConstraints?: { readonly permitted?: NameLists; readonly excluded?: NameLists }
  readonly extendedKeyUsage?: readonly string[]
}

export interface ReissueCaRequest {
  readonly caId: string
  /** 1 to 36,500, beyond the end of the current certificate. As for a new CA where absent. */
  readonly validityDays?: number
  /** Of the CA that signs: the parent, or the root itself. Needed where it has one. */
  readonly issuerPassphrase?: string
}

export interface RevokeCaRequest {
  readonly caId: string
  /** `unspecified` where absent; `certificateHold` is not for CAs. */
  readonly reason?: SettableReason
  /** The parent's, where it has one: its next CRL carries the entry. A root's own. */
  readonly caPassphrase?: string
}

const text = z.string().check(z.minLength(1), z.maxLength(255))
const nameList = z.optional(z.array(text).check(z.maxLength(1000)))
const nameLists = z.optional(z.strictObject({ dns: nameList, ip: nameList, email: nameList, uri: nameList }))
/** Short ones are guessed; the upper bound keeps the key derivation from hashing megabytes. */
const newPassphrase = z.optional(z.string().check(z.minLength(8), z.maxLength(1024)))
const givenPassphrase = z.optional(z.string().check(z.maxLength(1024)))

const subject = z.strictObject({
  commonName: z.optional(text),
  organization: z.optional(text),
  organizationalUnit: z.optional(text),
  country: z.optional(text),
  state: z.optional(text),
  locality: z.optional(text),
  serialNumber: z.optional(text),
  emailAddress: z.optional(text),
  domainComponent: z.optional(z.array(text).check(z.maxLength(32))),
})

const purposes = z.optional(z.array(text).check(z.minLength(1), z.maxLength(32)))

const newCa = {
  name: displayName,
  subject: z.optional(subject),
  keyAlgorithm: z.optional(z.enum(keyAlgorithmNames)),
  validityDays: z.optional(z.int().check(z.gte(1), z.lte(36_500))),
  pathLength: z.optional(z.int().check(z.gte(0), z.lte(15))),
  nameConstraints: z.optional(z.strictObject({ permitted: nameLists, excluded: nameLists })),
  passphrase: newPassphrase,
}

const createRoot = z.strictObject({
  ...newCa,
  workspaceId: z.optional(uuid),
}) as z.ZodMiniType<CreateRootRequest>

const createIntermediate = z.strictObject({
  ...newCa,
  parentCaId: uuid,
  parentPassphrase: givenPassphrase,
  extendedKeyUsage: purposes,
}) as z.ZodMiniType<CreateIntermediateRequest>

const pemOrDer = z.union([z.string().check(z.maxLength(65_536)), z.instanceof(Uint8Array)])

const importCa = z.strictObject({
  name: newCa.name,
  certificate: pemOrDer,
  privateKey: pemOrDer,
  chain: z.optional(z.string().check(z.maxLength(262_144))),
  passphrase: newPassphrase,
  workspaceId: z.optional(uuid),
}) as z.ZodMiniType<ImportCaRequest>

const crossSign = z.strictObject({
  caId: z.optional(uuid),
  certificate: z.optional(pemOrDer),
  csrPem: z.optional(z.string().check(z.maxLength(65_536))),
  issuerCaId: uuid,
  issuerPassphrase: givenPassphrase,
  validityDays: newCa.validityDays,
  pathLength: newCa.pathLength,
  nameConstraints: newCa.nameConstraints,
  extendedKeyUsage: purposes,
}) as z.ZodMiniType<CrossSignRequest>

const reissueCa = z.strictObject({
  caId: uuid,
  validityDays: newCa.validityDays,
  issuerPassphrase: givenPassphrase,
}) as z.ZodMiniType<ReissueCaRequest>

const revokeCa = z.strictObject({
  caId: uuid,
  reason: z.optional(z.enum(settableReasons)),
  caPassphrase: givenPassphrase,
}) as z.ZodMiniType<RevokeCaRequest>

const creation = { action: 'Cannot create CA' }

export const parseCreateRoot = (input: unknown): CreateRootRequest =>
  parsePlainData(createRoot, input, creation)

export const parseCreateIntermediate = (input: unknown): CreateIntermediateRequest =>
  parsePlainData(createIntermediate, input, creation)

export const parseImportCa = (input: unknown): ImportCaRequest =>
  parsePlainData(importCa, input, { action: 'Cannot import CA' })

export function parseCrossSign(input: unknown): CrossSignRequest {
  const request = parsePlainData(crossSign, input, { action: 'Cannot cross-sign CA' })
  const given = [request.caId, request.certificate, request.csrPem].filter((one) => one !== undefined)
  if (given.length === 1) return request
  throw wrongRequest('Cannot cross-sign CA', 'caId', 'give one of caId, certificate and csrPem')
}

export const parseReissueCa = (input: unknown): ReissueCaRequest =>
  parsePlainData(reissueCa, input, { action: 'Cannot re-issue CA' })

export function wrongRequest(action: string, path: string, message: string): PkiError<'invalid_request'> {
  return new PkiError('invalid_request', `${action}: ${path}: ${message}`, { issues: [{ path, message }] })
}

export const parseRevokeCa = (input: unknown): RevokeCaRequest =>
  parsePlainData(revokeCa, input, { action: 'Cannot revoke CA' })
