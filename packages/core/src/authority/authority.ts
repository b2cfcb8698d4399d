import { type CrlInfo, currentCrl } from '../flows/crl/current-crl.js'
import { type CrlFreshness, crlFreshness } from '../flows/crl/crl-freshness.js'
import { type DueReport, publishDueCrls } from '../flows/crl/publish-due.js'
import { publishCrlNow, type PublishCrlRequest } from '../flows/crl/publish-now.js'
import type {
  CreateIntermediateRequest,
  CreateRootRequest,
  CrossSignRequest,
  ImportCaRequest,
  ReissueCaRequest,
  RevokeCaRequest,
} from '../flows/hierarchy/ca-requests.js'
import { createIntermediate } from '../flows/hierarchy/create-intermediate.js'
import { createRoot } from '../flows/hierarchy/create-root.js'
import { crossSign } from '../flows/hierarchy/cross-sign.js'
import { importCa } from '../flows/hierarchy/import-ca.js'
import {
  type CaQuery,
  getCa,
  getCaCertificate,
  getChain,
  listCas,
  listCertificatesOfCa,
} from '../flows/hierarchy/read-cas.js'
import { reissueCa } from '../flows/hierarchy/reissue-ca.js'
import { revokeCa } from '../flows/hierarchy/revoke-ca.js'
import { archiveExpired, type ArchiveRequest } from '../flows/inventory/archive-expired.js'
import {
  type CertificatePage,
  type CertificateQuery,
  getCertificate,
  listCertificates,
} from '../flows/inventory/list-certificates.js'
import { issueCertificate, type IssueOptions } from '../flows/issue/issue-certificate.js'
import { issueMany, type IssueManyOptions } from '../flows/issue/issue-many.js'
import type { IssueRequest } from '../flows/issue/issue-request.js'
import { type IssuancePlan, planIssuance } from '../flows/issue/plan-issuance.js'
import { answerOcsp } from '../flows/ocsp/answer-ocsp.js'
import { recoverIssuances, type RecoveryReport } from '../flows/recovery/recover-issuances.js'
import type { RecoveryQuery, RevokeReservationRequest } from '../flows/recovery/recovery-requests.js'
import { type RevokedReservation, revokeReservation } from '../flows/recovery/revoke-reservation.js'
import { renewCertificate, type RenewOptions } from '../flows/renew/renew-certificate.js'
import type { RenewRequest } from '../flows/renew/renew-request.js'
import {
  type ChangedCertificate,
  releaseHold,
  revokeCertificate,
} from '../flows/revoke/revoke-certificate.js'
import { type LineageRoot, readLineage } from '../flows/revoke/lineage.js'
import {
  type LineageProgress,
  revokeLineage,
  type RevokeLineageRequest,
} from '../flows/revoke/revoke-lineage.js'
import type { ReleaseHoldRequest, RevokeRequest } from '../flows/revoke/revoke-request.js'
import { crlAsOf, statusAsKnownAt, statusAt } from '../flows/status/certificate-status.js'
import type { CrlAsOfQuery, KnownStatusQuery, StatusQuery } from '../flows/status/status-requests.js'
import type { CertificateStatus } from '../rules/revocation/status-log.js'
import type { CrlEntry } from '../x509/revoked-certificate.js'
import type { Deps } from '../steps/deps.js'
import type { CaCertificateInfo } from '../steps/info/ca-certificate-info.js'
import type { CaInfo } from '../steps/info/ca-info.js'
import type { CertificateInfo, IssuedCertificate } from '../steps/info/certificate-info.js'
import type { OcspAnswer } from '../steps/ocsp-answer-cache.js'
import type { Caller } from '../steps/stages.js'
import { type AccessAuthority, accessAuthorityOver } from './access-authority.js'

/**
 * A certificate authority. Every call says who asks; what that principal may not see does not exist for it
 * (`ca_not_found`, `certificate_not_found`), what it may see but not do is `permission_denied`. Requests are parsed
 * strictly, so they may come from outside as they are: `invalid_request` names what is wrong.
 *
 * Each method's own page lists its errors: see the flow of the same name.
 */
export interface Authority extends AccessAuthority {
  // The hierarchy. Operators only, but for reading.
  createRoot(request: CreateRootRequest, caller: Caller): Promise<CaInfo>
  createIntermediate(request: CreateIntermediateRequest, caller: Caller): Promise<CaInfo>
  importCa(request: ImportCaRequest, caller: Caller): Promise<CaInfo>
  /** A certificate for a CA by another CA than its own issuer: what is below it is then valid under both. */
  crossSign(request: CrossSignRequest, caller: Caller): Promise<CertificateInfo>
  /** A new certificate for a CA by its own issuer, with the same name and key, that ends later. */
  reissueCa(request: ReissueCaRequest, caller: Caller): Promise<CaInfo>
  /** With every certificate of it that is known. */
  revokeCa(request: RevokeCaRequest, caller: Caller): Promise<CaInfo>
  getCa(caId: string, caller: Caller): Promise<CaInfo>
  /** Oldest first, without revoked ones. */
  listCas(query: CaQuery, caller: Caller): Promise<readonly CaInfo[]>
  /** PEM, from the CA itself up to the root. */
  chain(caId: string, caller: Caller): Promise<readonly string[]>
  /** The oldest first: the one that the CA began with, re-issued ones and cross certificates. */
  certificatesOfCa(caId: string, caller: Caller): Promise<readonly CaCertificateInfo[]>

  // Certificates.
  issue(request: IssueRequest, options: IssueOptions): Promise<IssuedCertificate>
  /** 1 to 1000 of one CA, all or none, with one reservation and one record for all. */
  issueMany(
    requests: readonly IssueRequest[],
    options: IssueManyOptions,
  ): Promise<readonly IssuedCertificate[]>
  /** A dry run of `issue`: nothing is signed, and no serial number is spent. */
  plan(request: IssueRequest, caller: Caller): Promise<IssuancePlan>
  renew(request: RenewRequest, options: RenewOptions): Promise<IssuedCertificate>
  revoke(request: RevokeRequest, caller: Caller): Promise<ChangedCertificate>
  /** A certificate that is on hold (revoked with the reason `certificateHold`) is good again. */
  releaseHold(request: ReleaseHoldRequest, caller: Caller): Promise<ChangedCertificate>
  /** Everything under a CA, of a key, or renewed from a certificate, in pages; as far as the caller may read it. */
  lineage(root: LineageRoot, caller: Caller): AsyncGenerator<readonly CertificateInfo[], void, undefined>
  /** Everything under a CA, of a key, or renewed from a certificate, in batches; a call that is cut off is made again. */
  revokeLineage(
    request: RevokeLineageRequest,
    caller: Caller,
  ): AsyncGenerator<LineageProgress, void, undefined>
  getCertificate(certificateId: string, caller: Caller): Promise<CertificateInfo>
  listCertificates(query: CertificateQuery, caller: Caller): Promise<CertificatePage>
  /**
   * Certificates that have expired, in batches; each is forgotten when the next one is asked for. Operators only. Serial
   * numbers, revocations, and what CRLs and OCSP say of them stay.
   */
  archiveExpired(
    request: ArchiveRequest,
    caller: Caller,
  ): AsyncGenerator<readonly CertificateInfo[], void, undefined>

  // The status log. It has two times: since when something holds, and since when it is known.
  /** By what is known now. */
  statusAt(query: StatusQuery, caller: Caller): Promise<CertificateStatus>
  /** By what was known then. */
  statusAsKnownAt(query: KnownStatusQuery, caller: Caller): Promise<CertificateStatus>
  /** The entries of the complete CRL of a moment, in their order; there may be millions. */
  crlAsOf(query: CrlAsOfQuery, caller: Caller): Promise<readonly CrlEntry[]>

  // What a crash leaves. Operators only.
  /** Issuances that were begun and never finished: their serial numbers are known, and nobody was given a certificate. */
  recoverIssuances(query: RecoveryQuery, caller: Caller): Promise<RecoveryReport>
  /** Revoke a serial number that was reserved and has no certificate. */
  revokeReservation(request: RevokeReservationRequest, caller: Caller): Promise<RevokedReservation>

  // What relying parties ask: public, so nobody needs to say who they are.
  /**
   * The current list; a new one is made where it is due and the CA's key is not locked.
   *
   * @param scope `complete` (the default), `delta`, or a partition as `3-of-16`
   */
  crl(caId: string, scope?: string): Promise<CrlInfo>
  /** An OCSP response, also to what is no valid request. */
  answerOcsp(caId: string, requestDer: Uint8Array): Promise<OcspAnswer>
  /** The CA's certificate, DER. */
  caCertificate(caId: string): Promise<Uint8Array>
  publishCrl(request: PublishCrlRequest, caller: Caller): Promise<CrlInfo>
  /** For a timer, in as many processes as there are: every list that is due is made by one of them. Operators only. */
  publishDueCrls(caller: Caller): Promise<DueReport>
  /** How far each list is behind, for metrics. Operators only. */
  crlFreshness(caller: Caller): Promise<readonly CrlFreshness[]>
}

/** The facade: one line for each flow. */
export const authorityOver = (deps: Deps): Authority => ({
  createRoot: (request, caller) => createRoot(request, caller, deps),
  createIntermediate: (request, caller) => createIntermediate(request, caller, deps),
  importCa: (request, caller) => importCa(request, caller, deps),
  crossSign: (request, caller) => crossSign(request, caller, deps),
  reissueCa: (request, caller) => reissueCa(request, caller, deps),
  revokeCa: (request, caller) => revokeCa(request, caller, deps),
  getCa: (caId, caller) => getCa(caId, caller, deps),
  listCas: (query, caller) => listCas(query, caller, deps),
  chain: (caId, caller) => getChain(caId, caller, deps),
  certificatesOfCa: (caId, caller) => listCertificatesOfCa(caId, caller, deps),

  issue: (request, options) => issueCertificate(request, options, deps),
  issueMany: (requests, options) => issueMany(requests, options, deps),
  plan: (request, caller) => planIssuance(request, caller, deps),
  renew: (request, options) => renewCertificate(request, options, deps),
  revoke: (request, caller) => revokeCertificate(request, caller, deps),
  releaseHold: (request, caller) => releaseHold(request, caller, deps),
  lineage: (root, caller) => readLineage(root, caller, deps),
  revokeLineage: (request, caller) => revokeLineage(request, caller, deps),
  getCertificate: (certificateId, caller) => getCertificate(certificateId, caller, deps),
  listCertificates: (query, caller) => listCertificates(query, caller, deps),
  archiveExpired: (request, caller) => archiveExpired(request, caller, deps),

  statusAt: (query, caller) => statusAt(query, caller, deps),
  statusAsKnownAt: (query, caller) => statusAsKnownAt(query, caller, deps),
  crlAsOf: (query, caller) => crlAsOf(query, caller, deps),

  recoverIssuances: (query, caller) => recoverIssuances(query, caller, deps),
  revokeReservation: (request, caller) => revokeReservation(request, caller, deps),

  crl: (caId, scope = 'complete') => currentCrl(caId, scope, deps),
  answerOcsp: (caId, requestDer) => answerOcsp(caId, requestDer, deps),
  caCertificate: (caId) => getCaCertificate(caId, deps),
  publishCrl: (request, caller) => publishCrlNow(request, caller, deps),
  publishDueCrls: (caller) => publishDueCrls(caller, deps),
  crlFreshness: (caller) => crlFreshness(caller, deps),

  ...accessAuthorityOver(deps),
})
