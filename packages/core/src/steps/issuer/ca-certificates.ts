import type { CaRecord, CertificateRecord } from '../../ports/records.js'
import type { Certificate } from '../../x509/certificate.js'
import { currentTime, type Deps } from '../deps.js'
import type { IdempotencyClaim } from '../stages.js'

/*
 * A CA is a name and a key; certificates of it there may be many. The first is in its record. Those that came later, because
 * the CA was re-issued or cross-signed, are certificates like others of the CA that signed them, and are counted through: the
 * nth takes key n of a register of the CA. A register is a scope of the store's idempotency keys, which are what it needs:
 * taken by one of many writers, for as long as a signature may take, and for ever once the certificate is recorded; given
 * back where nothing was signed. So there are no gaps, and a reader stops at the first key that is free.
 */

/** One certificate of a CA that is kept here. */
export interface CaCertificate {
  readonly certificate: Certificate
  /** Absent for the one that the CA began with. */
  readonly record?: CertificateRecord
  /** The CA that signed it, for a root itself; absent where that is not kept here. */
  readonly issuerCaId?: string
  readonly revokedAt?: Date
}

/** Each costs an issuance a question to the store, and its successors more paths: a century of yearly ones. */
export const maximumCaCertificates = 100

/** The end of time, as RFC 5280 §4.1.2.5 writes it: what a register says is true for ever. */
export const endOfRegister = new Date('9999-12-31T23:59:59Z')

/** All certificates of a CA, the oldest first; revoked and expired ones too. */
export async function listCaCertificates(ca: CaRecord, deps: Deps): Promise<readonly CaCertificate[]> {
  const later: CaCertificate[] = []
  for (;;) {
    const record = await findRegistered(ca.id, later.length, deps)
    if (record === undefined) return [firstCertificate(ca, deps), ...later]
    const certificate = deps.certificates.parse(record.id, record.certificateDer)
    later.push({
      certificate,
      record,
      issuerCaId: record.caId,
      ...(record.revokedAt && { revokedAt: record.revokedAt }),
    })
  }
}

/** The claim to be the certificate that follows on `known`. */
export const nextCertificateClaim = (ca: CaRecord, known: readonly CaCertificate[]): IdempotencyClaim => ({
  ...registerKey(ca.id, known.length - 1),
  requestHash: zero,
})

/** The CA that signs for a CA: its parent, a root itself; `undefined` where that is not kept here. */
export const ownIssuerId = (ca: CaRecord): string | undefined =>
  ca.parentCaId ?? (ca.externalChainDer.length === 0 ? ca.id : undefined)

/**
 * The certificate that chains begin with: of those by its own issuer (no cross certificate is) the newest that is not
 * revoked. The newest is valid longest: `reissueCa`.
 */
export function currentCertificate(ca: CaRecord, known: readonly CaCertificate[]): CaCertificate {
  const isOwn = ({ issuerCaId, revokedAt }: CaCertificate): boolean =>
    issuerCaId === ownIssuerId(ca) && revokedAt === undefined
  return known.filter(isOwn).at(-1) ?? (known[0] as CaCertificate)
}

/** The record of a CA, with what its current certificate says. */
export function withCurrentCertificate(ca: CaRecord, known: readonly CaCertificate[]): CaRecord {
  const { certificate, record } = currentCertificate(ca, known)
  if (record === undefined) return ca
  const { serialNumber, notBefore, notAfter } = certificate
  return { ...ca, certificateDer: record.certificateDer, serialNumber, notBefore, notAfter }
}

/** The one that a CA began with. */
export function firstCertificate(ca: CaRecord, deps: Deps): CaCertificate {
  const issuerCaId = ownIssuerId(ca)
  return {
    certificate: deps.certificates.parse(ca.id, ca.certificateDer),
    ...(issuerCaId !== undefined && { issuerCaId }),
    ...(ca.revokedAt && { revokedAt: ca.revokedAt }),
  }
}

async function findRegistered(
  caId: string,
  index: number,
  deps: Deps,
): Promise<CertificateRecord | undefined> {
  const entry = await deps.storage.findIdempotencyRecord(registerKey(caId, index), currentTime(deps))
  return entry?.state === 'completed' ? deps.storage.findCertificate(entry.certificateId) : undefined
}

/** No principal has such a scope: theirs begin with what kind they are. */
const registerKey = (caId: string, index: number) => ({
  scope: `certificates of CA ${caId}`,
  keyHash: index.toString(16).padStart(zero.length, '0'),
})

/** In the place of a digest. */
const zero = '0'.repeat(64)
