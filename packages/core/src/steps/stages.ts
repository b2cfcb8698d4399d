import type { SignatureAlgorithm } from '../crypto/algorithm-names.js'
import type { PublicKey } from '../crypto/public-key.js'
import type { LintFinding } from '../errors/codes.js'
import type { CaRecord, IdempotencyRecord, Reservation } from '../ports/records.js'
import type { PermissionTrace } from '../rules/permission/decide.js'
import type { Principal } from '../rules/permission/principal.js'
import type { Certificate } from '../x509/certificate.js'
import type { Extension } from '../x509/extension.js'
import type { GeneralName } from '../x509/general-name.js'
import type { Name } from '../x509/name.js'
import type { SerialNumber } from '../x509/serial-number.js'

/*
 * What a request becomes on its way to a certificate. Each stage is made by one step and taken by the next, so that the
 * wrong order does not compile: nothing but a `ReservedTbs` can be signed, and nothing but a `CheckedTbs` reserved.
 *
 *   Caller → PermittedCa → Issuer → AssembledTbs → CheckedTbs → ReservedTbs → (signing) → (recording)
 *
 * The brands exist for the compiler only. Each is put on by a cast in the one function that is named beside it.
 */
declare const stage: unique symbol

/** Who asks. */
export interface Caller {
  readonly principal: Principal
}

/** A CA on which the principal may do what it asked: `checkPermission`. */
export interface PermittedCa {
  readonly ca: CaRecord
  readonly principal: Principal
  readonly trace: PermissionTrace
}

/** A key in custody, and how it signs. */
export interface SigningIdentity {
  readonly keyId: string
  readonly spkiDer: Uint8Array
  readonly signatureAlgorithm: SignatureAlgorithm
  readonly passphrase?: string
}

/** A CA whose key can be used, its passphrase checked: `unlockIssuer`. */
export interface UnlockedCa {
  readonly ca: CaRecord
  readonly identity: SigningIdentity
}

/** One that can certify: `signingCa`. */
export interface SigningCa extends UnlockedCa {
  readonly certificate: Certificate
  /** The CA's certificate, its issuer's, and so on up to the root. */
  readonly chain: readonly Certificate[]
}

/** One that may also issue now: `findIssuer`. */
export interface Issuer extends SigningCa {
  /** As `chain`, over re-issued and cross certificates: every other path that is known, and not revoked or expired. */
  readonly otherPaths: readonly (readonly Certificate[])[]
}

/** What a certificate will say, and its bytes: `assembleTbs` and its siblings. */
export interface AssembledTbs {
  readonly tbsDer: Uint8Array
  readonly serialNumber: SerialNumber
  readonly subject: Name
  readonly subjectAltNames: readonly GeneralName[]
  readonly isCa: boolean
  /** All of them. */
  readonly extensions: readonly Extension[]
  readonly pathLength?: number | undefined
  readonly extendedKeyUsage?: readonly string[] | undefined
  readonly notBefore: Date
  readonly notAfter: Date
  readonly publicKey: PublicKey
}

/** Bytes that have passed every lint and would validate below their issuer: `checkTbs`. */
export interface CheckedTbs extends AssembledTbs {
  readonly findings: readonly LintFinding[]
  readonly [stage]: 'checked'
}

/** Bytes whose serial number is durable: `reserveIssuance`. */
export interface ReservedTbs {
  readonly tbsDer: Uint8Array
  readonly reservation: Reservation
  /** Kept where the request came with an idempotency key. */
  readonly idempotency?: IdempotencyRecord
  readonly [stage]: 'reserved'
}

/** A signed certificate that nobody has seen yet: `signCertificate`, in signing/. */
export interface SignedCertificate {
  readonly certificateDer: Uint8Array
  readonly reservation: Reservation
  readonly idempotency?: IdempotencyRecord
  readonly [stage]: 'signed'
}

/** What makes two requests with one idempotency key the same request. Digests, hex. */
export interface IdempotencyClaim {
  /** Principal, operation and CA. */
  readonly scope: string
  readonly keyHash: string
  readonly requestHash: string
}
