import type { KeyAlgorithm } from '../../crypto/algorithm-names.js'
import type { PublicKey } from '../../crypto/public-key.js'
import { hasCode, PkiError } from '../../errors/pki-error.js'
import type { CaRecord, CertificateRecord } from '../../ports/records.js'
import type { Principal } from '../../rules/permission/principal.js'
import { caCertificateProfile } from '../../rules/profile/profiles.js'
import { signCertificate } from '../../signing/sign-certificate.js'
import { type Deps, newId } from '../../steps/deps.js'
import {
  endOfRegister,
  maximumCaCertificates,
  nextCertificateClaim,
} from '../../steps/issuer/ca-certificates.js'
import type { CaEntry } from '../../steps/issuer/load-chain.js'
import { type CaCertificateFacts, recordIssuance } from '../../steps/recording/record-issuance.js'
import { reserveIssuance } from '../../steps/recording/reserve-issuance.js'
import type { CheckedTbs, SigningCa } from '../../steps/stages.js'
import { attributeValue } from '../../x509/name.js'

export interface CaCertificateOrder {
  readonly event: CaCertificateFacts['event']
  readonly signer: Pick<SigningCa, 'ca' | 'identity'>
  /** Whose certificate it is, where that CA is kept here: its register gets one more. */
  readonly subjectCa?: CaEntry | undefined
}

/**
 * Reserve, sign and record one more certificate of a CA, which may be kept here or not: an issuance like any other.
 *
 * @throws {PkiError} `request_too_large` | `idempotency_in_progress`: another one of the same CA is being made | `ca_revoked`
 */
export async function issueCaCertificate(
  checked: CheckedTbs,
  { event, signer, subjectCa }: CaCertificateOrder,
  principal: Principal,
  deps: Deps,
): Promise<CertificateRecord> {
  const spec = { ...checked, ...recordedFacts(checked) }
  const claim = subjectCa && claimOf(subjectCa)
  const intent = { id: newId(deps), caId: signer.ca.id, kind: 'certificate', claim } as const
  const reserved = await reserveIssuance(checked, intent, deps).catch((error: unknown) => {
    throw hasCode(error, 'idempotency_in_progress') ? busy(subjectCa?.ca, error) : error
  })
  const signed = await signCertificate(reserved, signer.identity, deps)
  const caCertificate = {
    event,
    claimedUntil: endOfRegister,
    ...(subjectCa && { subjectCaId: subjectCa.ca.id }),
  }
  const { workspaceId } = signer.ca
  const issuance = { signed, spec, mode: 'csr', workspaceId, caCertificate } as const
  return recordIssuance(issuance, principal, undefined, deps)
}

function recordedFacts({ subject, publicKey }: CheckedTbs) {
  return {
    profile: caCertificateProfile,
    commonName: attributeValue(subject, 'commonName') ?? '',
    sanDns: [],
    sanIp: [],
    sanEmail: [],
    sanUri: [],
    keyAlgorithm: knownKeyAlgorithm(publicKey),
  }
}

function knownKeyAlgorithm({ keyAlgorithm, family, bits }: PublicKey): KeyAlgorithm {
  if (keyAlgorithm !== undefined) return keyAlgorithm
  const algorithm = `${family}-${bits}`
  throw new PkiError('unsupported_algorithm', `Cannot certify CA: ${algorithm} keys are not supported`, {
    algorithm,
  })
}

function claimOf({ ca, certificates }: CaEntry) {
  if (certificates.length < maximumCaCertificates) return nextCertificateClaim(ca, certificates)
  const message = `Cannot certify CA "${ca.name}": it has ${certificates.length} certificates, and no more are kept`
  throw new PkiError('request_too_large', message, {
    item: 'certificates of a CA',
    count: certificates.length + 1,
    maximum: maximumCaCertificates,
  })
}

function busy(
  ca: CaRecord | undefined,
  cause: PkiError<'idempotency_in_progress'>,
): PkiError<'idempotency_in_progress'> {
  const { retryAfterSeconds } = cause.context
  const state = `another certificate of it is being made; try again in ${retryAfterSeconds} seconds`
  return new PkiError('idempotency_in_progress', `Cannot certify CA "${ca?.name}": ${state}`, cause.context, {
    cause,
  })
}
