import type { KeyAlgorithm } from '../../crypto/algorithm-names.js'
import { pemEncode } from '../../encoding/pem.js'
import type { CaRecord } from '../../ports/records.js'
import type { CrlReason } from '../../x509/crl-reason.js'
import { attributeValue } from '../../x509/name.js'
import type { SerialNumber } from '../../x509/serial-number.js'
import type { Deps } from '../deps.js'

/** A CA, as callers see it. Times are whole seconds; `pathLength` absent = no limit. */
export interface CaInfo {
  readonly id: string
  readonly workspaceId: string
  readonly name: string
  /** Of the certificate's subject, as the following four. '' where it has none. */
  readonly commonName: string
  readonly organization?: string
  readonly country?: string
  readonly state?: string
  readonly locality?: string
  readonly keyAlgorithm: KeyAlgorithm
  readonly certificateDer: Uint8Array
  readonly certificatePem: string
  readonly serialNumber: SerialNumber
  readonly notBefore: Date
  readonly notAfter: Date
  readonly createdAt: Date
  readonly hasPassphrase: boolean
  readonly parentCaId?: string
  readonly depth: number
  readonly pathLength?: number
  readonly revokedAt?: Date
  readonly revocationReason?: CrlReason
}

export function caInfo(ca: CaRecord, deps: Deps): CaInfo {
  const { keyId: _keyId, ocspResponder: _responder, externalChainDer: _chain, ...shown } = ca
  const { subject } = deps.certificates.parse(ca.id, ca.certificateDer)
  const organization = attributeValue(subject, 'organization')
  const country = attributeValue(subject, 'country')
  const state = attributeValue(subject, 'state')
  const locality = attributeValue(subject, 'locality')
  return {
    ...shown,
    commonName: attributeValue(subject, 'commonName') ?? '',
    ...(organization !== undefined && { organization }),
    ...(country !== undefined && { country }),
    ...(state !== undefined && { state }),
    ...(locality !== undefined && { locality }),
    certificatePem: pemEncode('CERTIFICATE', ca.certificateDer),
  }
}
