import type { KeyAlgorithm } from '../crypto/algorithm-names.js'
import type { CrlReason } from '../x509/crl-reason.js'
import type { SerialNumber } from '../x509/serial-number.js'

/*
 * What storage keeps. Times are whole seconds, UTC; ids are UUIDs in lowercase; "absent" is `undefined`, never null.
 * Records are values: nobody changes one in place.
 */

export type Plan = 'free' | 'pro'

export interface Workspace {
  readonly id: string
  readonly name: string
  /** Unique, lowercase letters, digits and hyphens. */
  readonly slug: string
  readonly plan: Plan
  readonly createdAt: Date
}

export interface User {
  readonly id: string
  /** Unique, compared without case. */
  readonly email: string
  readonly createdAt: Date
}

/** What a principal may do on one CA. */
export interface Rights {
  readonly canRead: boolean
  readonly canIssue: boolean
  readonly canRevoke: boolean
}

export interface ApiKey {
  readonly id: string
  readonly workspaceId: string
  readonly userId: string
  readonly name: string
  /** The first characters of the key, for display. */
  readonly prefix: string
  /** SHA-256 of the key, hex. The key itself is shown once and kept nowhere. */
  readonly secretHash: string
  /** By CA id; never empty. */
  readonly grants: ReadonlyMap<string, Rights>
  readonly createdAt: Date
  /** Absent: until it is revoked. */
  readonly expiresAt?: Date
  /** Within a minute or so. */
  readonly lastUsedAt?: Date
  /** A revoked key is kept for display. */
  readonly revokedAt?: Date
  /** The secret before the last rotation, where it may be used a little longer. */
  readonly previousSecret?: { readonly secretHash: string; readonly validUntil: Date }
}

/** The delegated responder of a CA whose own key is locked (RFC 6960 §4.2.2.2). */
export interface OcspResponder {
  readonly keyId: string
  readonly keyAlgorithm: KeyAlgorithm
  readonly certificateDer: Uint8Array
  readonly notBefore: Date
  readonly notAfter: Date
}

export interface CaRecord {
  readonly id: string
  readonly workspaceId: string
  /** Unique in the workspace among the CAs that are not revoked. */
  readonly name: string
  /** Absent for a root, and for an imported CA whose issuer is not kept here. */
  readonly parentCaId?: string
  /** 0 for a CA without a parent, else the parent's plus one. */
  readonly depth: number
  readonly certificateDer: Uint8Array
  /**
   * For an imported CA whose issuer is not kept here: the issuer's certificates up to the root, nearest first.
   * Empty for all others.
   */
  readonly externalChainDer: readonly Uint8Array[]
  readonly serialNumber: SerialNumber
  readonly notBefore: Date
  readonly notAfter: Date
  /** basicConstraints.pathLenConstraint; absent = no limit. */
  readonly pathLength?: number
  readonly keyAlgorithm: KeyAlgorithm
  /** The name of the private key in custody. */
  readonly keyId: string
  readonly hasPassphrase: boolean
  readonly ocspResponder?: OcspResponder
  readonly createdAt: Date
  readonly revokedAt?: Date
  readonly revocationReason?: CrlReason
}

/** Where the key pair comes from: made for the subscriber, or the subscriber's own, proved by a CSR. */
export type IssuanceMode = 'managed' | 'csr'

export interface CertificateRecord {
  readonly id: string
  readonly workspaceId: string
  /** The issuing CA. */
  readonly caId: string
  readonly serialNumber: SerialNumber
  readonly mode: IssuanceMode
  readonly profile: string
  readonly commonName: string
  readonly sanDns: readonly string[]
  /** Text as in RFC 5952. */
  readonly sanIp: readonly string[]
  readonly sanEmail: readonly string[]
  readonly sanUri: readonly string[]
  readonly keyAlgorithm: KeyAlgorithm
  /** SHA-256 of the SubjectPublicKeyInfo, hex: finds every certificate of one key. */
  readonly spkiHash: string
  readonly certificateDer: Uint8Array
  readonly notBefore: Date
  readonly notAfter: Date
  readonly createdAt: Date
  /** The certificate that this one renews. */
  readonly renewedFrom?: string
  readonly revokedAt?: Date
  readonly revocationReason?: CrlReason
}

/**
 * The intent to sign, durable before the key is used: whatever happens next, this serial is known, is never given
 * twice, and can be revoked. The digest tells which bytes were meant.
 */
export interface Reservation {
  /** Also the id of the certificate or CA that comes of it. */
  readonly id: string
  readonly caId: string
  readonly serialNumber: SerialNumber
  readonly kind: 'certificate' | 'ca' | 'ocspResponder'
  /** SHA-256 of the TBSCertificate, hex. */
  readonly tbsHash: string
  readonly notAfter: Date
  readonly reservedAt: Date
}

/**
 * `open`: perhaps signed, not recorded. `recorded`: the certificate is kept. `abandoned`: it will never be recorded, because
 * it was not signed, or because it was given up: its CA has not come into being, or its serial number was revoked.
 * `archived`: the certificate was kept until it had expired, and its record is in the host's archive now.
 */
export type ReservationState = 'open' | 'recorded' | 'abandoned' | 'archived'

/** One entry of the status log of a CA. */
export interface Revocation {
  /** The issuer, whose CRL carries the entry. */
  readonly caId: string
  readonly serialNumber: SerialNumber
  readonly revokedAt: Date
  readonly reason: CrlReason
  /** When the certificate would have expired. */
  readonly notAfter: Date
  /** The same as an entry of a CRL, encoded (RFC 5280 §5.1.2.6), so that publishing is copying and one signature. */
  readonly entryDer: Uint8Array
}

export interface CrlRecord {
  readonly caId: string
  /** Which list of the CA it is: `complete`, `delta`, or a partition as `3-of-16`. Lists of a scope replace each other. */
  readonly scope: string
  /** RFC 5280 §5.2.3, from 1, strictly increasing over all lists of the CA. */
  readonly number: number
  /** Of a delta CRL: the number of the complete one that it starts from (§5.2.4). */
  readonly baseNumber?: number
  readonly thisUpdate: Date
  readonly nextUpdate: Date
  readonly der: Uint8Array
  /** How many entries the status log of the CA had when this list was made. */
  readonly revocationCount: number
}

export type CrlSummary = Omit<CrlRecord, 'der'>

/**
 * A request that was made under an idempotency key. The record counts until `liveUntil`: while the request runs that
 * is a short lease, so that a crash does not block the key for a day; once it is answered, 24 hours.
 */
export interface IdempotencyRecord {
  /** Principal, operation and CA: the same key under another scope is another key. */
  readonly scope: string
  /** SHA-256 of the key, hex. */
  readonly keyHash: string
  /** SHA-256 of the request, hex. */
  readonly requestHash: string
  /** The certificate that the request will be, or was, answered with. */
  readonly certificateId: string
  readonly state: 'running' | 'completed'
  readonly liveUntil: Date
}
