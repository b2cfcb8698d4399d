// The authority.
export {
  createAuthority,
  type CreateAuthorityOptions,
  type CrlSchedule,
} from './authority/create-authority.js'
export type { AccessAuthority } from './authority/access-authority.js'
export type { Authority } from './authority/authority.js'
export { operator } from './rules/permission/principal.js'
export type {
  ApiKeyPrincipal,
  OAuthPrincipal,
  OperatorPrincipal,
  Principal,
} from './rules/permission/principal.js'
export type { Action, PermissionTrace } from './rules/permission/decide.js'
export type { BackgroundFailure } from './steps/deps.js'
export type { Caller } from './steps/stages.js'

// What it is asked, and what it answers.
export type {
  CreateIntermediateRequest,
  CreateRootRequest,
  CrossSignRequest,
  ImportCaRequest,
  NameLists,
  ReissueCaRequest,
  RevokeCaRequest,
} from './flows/hierarchy/ca-requests.js'
export type { CaQuery } from './flows/hierarchy/read-cas.js'
export type { CaCertificateInfo } from './steps/info/ca-certificate-info.js'
export type { CaInfo } from './steps/info/ca-info.js'
export type { IssueOptions } from './flows/issue/issue-certificate.js'
export type { IssueManyOptions } from './flows/issue/issue-many.js'
export type { HostTransaction } from './steps/recording/transact.js'
export type { IssueRequest } from './flows/issue/issue-request.js'
export type { IssuancePlan } from './flows/issue/plan-issuance.js'
export type { RecoveryReport } from './flows/recovery/recover-issuances.js'
export type { RecoveryQuery, RevokeReservationRequest } from './flows/recovery/recovery-requests.js'
export type { RevokedReservation } from './flows/recovery/revoke-reservation.js'
export type { RenewOptions } from './flows/renew/renew-certificate.js'
export type { RenewRequest } from './flows/renew/renew-request.js'
export type { CrlAsOfQuery, KnownStatusQuery, StatusQuery } from './flows/status/status-requests.js'
export type { CertificateStatus } from './rules/revocation/status-log.js'
export type { ReleaseHoldRequest, RevokeRequest } from './flows/revoke/revoke-request.js'
export { type SettableReason, settableReasons } from './rules/revocation/transitions.js'
export {
  type RenewableCertificate,
  renewalWindow,
  type RenewalWindow,
} from './rules/renewal/renewal-window.js'
export type { CertificateInfo, IssuedCertificate } from './steps/info/certificate-info.js'
export type { ArchiveRequest } from './flows/inventory/archive-expired.js'
export type { CertificatePage, CertificateQuery } from './flows/inventory/list-certificates.js'
export type { CrlFreshness } from './flows/crl/crl-freshness.js'
export type { DueReport, PublishedList } from './flows/crl/publish-due.js'
export type { ListNews } from './steps/lists/list-news.js'
export { type ListScope, parseListScope, partitionOf } from './rules/revocation/list-scope.js'
export type { LineageRoot } from './flows/revoke/lineage.js'
export type { LineageProgress, RevokeLineageRequest } from './flows/revoke/revoke-lineage.js'
export type { ChangedCertificate } from './flows/revoke/revoke-certificate.js'
export type { CrlInfo } from './flows/crl/current-crl.js'
export type { PublishCrlRequest } from './flows/crl/publish-now.js'
export type { OcspAnswer } from './steps/ocsp-answer-cache.js'
export type { CreateUserRequest, CreateWorkspaceRequest } from './flows/access/access-requests.js'
export type { ApiKeyInfo } from './flows/access/api-key-info.js'
export type {
  ApiKeyQuery,
  CreateApiKeyRequest,
  ExpireApiKeyRequest,
  RenameApiKeyRequest,
  RevokeApiKeyRequest,
  RotateApiKeyRequest,
} from './flows/access/api-key-requests.js'
export type {
  CreateOAuthClientRequest,
  OAuthClientQuery,
  OAuthClientRequest,
} from './flows/access/client-requests.js'
export type { CollectGarbageRequest, GarbageReport } from './flows/access/collect-garbage.js'
export type { CreatedApiKey } from './flows/access/create-api-key.js'
export type { GrantableCa, GrantableWorkspace } from './flows/access/grant-access.js'
export type {
  GrantableQuery,
  GrantAccessRequest,
  GrantQuery,
  RevokeGrantRequest,
} from './flows/access/grant-requests.js'
export type {
  CreatedOAuthClient,
  DeletedOAuthClient,
  OAuthClientInfo,
} from './flows/access/manage-clients.js'
export type { GrantInfo } from './flows/access/manage-grants.js'
export type { RemovedMember } from './flows/access/manage-members.js'
export type {
  MemberQuery,
  MemberRequest,
  MemberRights,
  RemoveMemberRequest,
} from './flows/access/member-requests.js'
export type { Listing, PageQuery } from './steps/pages.js'
export { secretHashOf } from './flows/access/secrets.js'
export { redirectUriFault } from './rules/permission/redirect-uri.js'
export type { ApiKeyIdentity, Identity, OAuthIdentity } from './flows/access/whoami.js'

// Profiles.
export type {
  EndEntityKeyUsage,
  MaximumValidity,
  ProfileDefinition,
} from './rules/profile/profile.js'
export type { NameKind } from './rules/profile/requested-names.js'
export type { NameRules } from './rules/profile/name-rules.js'

// Errors.
export { type AnyPkiError, hasCode, isPkiError, PkiError } from './errors/pki-error.js'
export type {
  CsrRefusal,
  LintFinding,
  PathFaultContext,
  PathMember,
  PkiErrorCode,
  PkiErrorContexts,
  RequestIssue,
  StorageConstraint,
} from './errors/codes.js'

// Ports: what an adapter implements.
export type {
  Membership,
  OAuthArtifact,
  OAuthArtifactKind,
  OAuthClient,
  OAuthGrant,
  TokenAccess,
} from './ports/access-records.js'
export type {
  AccessReads,
  AccessTransaction,
  ApiKeyChange,
  ApiKeyFilter,
  MembershipFilter,
  OAuthClientFilter,
  OAuthGrantFilter,
} from './ports/access-storage.js'
export type { Clock } from './ports/clock.js'
export type { CrlPublisher } from './ports/crl-publisher.js'
export type { Actor, AuditEvent, EventType, OutboxEvent } from './ports/events.js'
export type { CustodyKey, KeyCustody, SignRequest } from './ports/key-custody.js'
export type { Page, PageRequest } from './ports/pages.js'
export type { Random } from './ports/random.js'
export type {
  ApiKey,
  CaRecord,
  CertificateRecord,
  CrlRecord,
  CrlSummary,
  IdempotencyRecord,
  IssuanceMode,
  OcspResponder,
  Plan,
  Reservation,
  ReservationState,
  Revocation,
  Rights,
  User,
  Workspace,
} from './ports/records.js'
export type { Rewrapping, SealedKey, SealedKeyStore } from './ports/sealed-keys.js'
export type {
  CaFilter,
  CertificateFilter,
  CrlPart,
  CrlState,
  ExpiredFilter,
  ReservationStatus,
  SerialStatus,
  Storage,
  StorageReads,
  StorageTransaction,
} from './ports/storage.js'

// Cryptography of the platform.
export type {
  DigestAlgorithm,
  KeyAlgorithm,
  KeyFamily,
  SignatureAlgorithm,
} from './crypto/algorithm-names.js'
export { platformCrypto } from './crypto/platform.js'
export type {
  CryptoProvider,
  GeneratedKeyPair,
  MaybePromise,
  SignedMessage,
  SigningKey,
} from './crypto/provider.js'
export { privateKeyFrom } from './crypto/private-key.js'
export { parsePublicKey, type PublicKey } from './crypto/public-key.js'
export type { PssParameters } from './crypto/pss-parameters.js'
export { findSignatureAlgorithm, type SignatureScheme } from './crypto/signature-algorithms.js'

// X.509: parse, look at, encode.
export { type PemBlock, type PemLabel, pemDecode, pemDecodeAll, pemEncode } from './encoding/pem.js'
export { type Certificate, parseCertificate, parseCertificates } from './x509/certificate.js'
export { type CertificateRequest, parseCertificateRequest } from './x509/certificate-request.js'
export { type CertificateRevocationList, crlEntries, parseCrl } from './x509/certificate-revocation-list.js'
export { type OcspRequest, parseOcspRequest } from './x509/ocsp-request.js'
export { type OcspResponse, parseOcspResponse } from './x509/ocsp-response.js'
export { decodeExtension, type Extension, type ExtensionType, findExtension } from './x509/extension.js'
export { knownExtensions } from './x509/known-extensions.js'
export { type CrlReason, crlReasonNumbers } from './x509/crl-reason.js'
export { parseSerialNumber, type SerialNumber } from './x509/serial-number.js'
export { createCertificateRequest } from './x509/create-certificate-request.js'
export { createName, formatName, type Name } from './x509/name.js'
export type { NameFields } from './x509/attribute-types.js'
export { formatGeneralName, type GeneralName } from './x509/general-name.js'
export type { RelativeDistinguishedName } from './x509/name.js'
export type {
  BasicOcspResponse,
  CertStatus,
  ResponderId,
  SingleResponse,
} from './x509/ocsp-basic-response.js'
export type { CertId } from './x509/ocsp-cert-id.js'
export type { CrlEntry } from './x509/revoked-certificate.js'
export { type AccessDescription, accessMethods } from './x509/access-description.js'
export type { DistributionPoint, DistributionPointName } from './x509/distribution-point.js'
export { type KeyPurpose, keyPurposeOf, keyPurposes } from './x509/key-purposes.js'
export type { DisplayText, PolicyQualifier } from './x509/policy-qualifier.js'

// Extensions, each with its codec.
export { archiveCutoff } from './x509/extensions/archive-cutoff.js'
export { authorityInfoAccess } from './x509/extensions/authority-info-access.js'
export {
  type AuthorityKeyIdentifier,
  authorityKeyIdentifier,
} from './x509/extensions/authority-key-identifier.js'
export { type BasicConstraints, basicConstraints } from './x509/extensions/basic-constraints.js'
export { certificateIssuer } from './x509/extensions/certificate-issuer.js'
export { type PolicyInformation, certificatePolicies } from './x509/extensions/certificate-policies.js'
export { cRLDistributionPoints } from './x509/extensions/crl-distribution-points.js'
export { cRLNumber } from './x509/extensions/crl-number.js'
export { deltaCRLIndicator } from './x509/extensions/delta-crl-indicator.js'
export { extendedKeyUsage } from './x509/extensions/extended-key-usage.js'
export { freshestCRL } from './x509/extensions/freshest-crl.js'
export { inhibitAnyPolicy } from './x509/extensions/inhibit-any-policy.js'
export { invalidityDate } from './x509/extensions/invalidity-date.js'
export { issuerAltName } from './x509/extensions/issuer-alt-name.js'
export {
  type IssuingDistributionPoint,
  issuingDistributionPoint,
} from './x509/extensions/issuing-distribution-point.js'
export { type KeyUsage, keyUsage } from './x509/extensions/key-usage.js'
export {
  type GeneralSubtree,
  type NameConstraints,
  nameConstraints,
} from './x509/extensions/name-constraints.js'
export { noRevAvail } from './x509/extensions/no-rev-avail.js'
export { ocspNoCheck } from './x509/extensions/ocsp-no-check.js'
export { ocspNonce } from './x509/extensions/ocsp-nonce.js'
export { type PolicyConstraints, policyConstraints } from './x509/extensions/policy-constraints.js'
export { type PolicyMapping, policyMappings } from './x509/extensions/policy-mappings.js'
export { reasonCode } from './x509/extensions/reason-code.js'
export { subjectAltName } from './x509/extensions/subject-alt-name.js'
export { subjectInfoAccess } from './x509/extensions/subject-info-access.js'
export { subjectKeyIdentifier } from './x509/extensions/subject-key-identifier.js'

// What a relying party needs beyond parsing: to compare names, and to verify a signature.
export { namesMatch, parseName } from './x509/name.js'
export { verifySignature } from './crypto/verify.js'
export { type CertificateContent, parseTbsCertificate } from './x509/certificate.js'
