// `@certwright/core/path`: what a relying party does with a certificate.
export {
  type CertificateInput,
  type PathVerdict,
  verifyCertificate,
  type VerifyOptions,
  type VerifyRequest,
} from './flows/validate/verify-certificate.js'
export { checkCrl, checkOcspResponse } from './flows/validate/check-status.js'
export {
  type OcspVerdict,
  verifyOcspResponse,
  type VerifyOcspRequest,
} from './flows/validate/verify-ocsp-response.js'
export type { CrlInput, FetchedRevocation } from './flows/validate/revocation-check.js'
export type { RevocationFetch } from './rules/path/revocation/revocation-fetch.js'
export type { RevocationStatus } from './rules/path/revocation/revocation-status.js'
export type { TriedPath } from './rules/path/find-path.js'
export { createSignatureMemory, type SignatureMemory } from './rules/path/signature-memory.js'
export type { ServiceIdentity } from './rules/path/identity/service-identity.js'
export type { AnchorSettings } from './rules/path/path-settings.js'
export type { ValidationFault, ValidationFaultCode } from './rules/path/validation-fault.js'
