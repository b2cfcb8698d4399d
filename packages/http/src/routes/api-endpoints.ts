import type { ApiEndpoint } from './endpoint.js'
import { deleteClient } from './delete-client.js'
import { getCa } from './get-ca.js'
import { getCertificate } from './get-certificate.js'
import { getChain } from './get-chain.js'
import { issueCertificate } from './issue-certificate.js'
import { listCas } from './list-cas.js'
import { listCertificates } from './list-certificates.js'
import { listClients } from './list-clients.js'
import { listGrants } from './list-grants.js'
import { renewCertificate } from './renew-certificate.js'
import { releaseHold } from './release-hold.js'
import { revokeCertificate } from './revoke-certificate.js'
import { revokeGrant } from './revoke-grant.js'
import { whoami } from './whoami.js'

/** The API on one screen, in the order of the OpenAPI document. */
export const apiEndpoints: readonly ApiEndpoint[] = [
  whoami,
  listCas,
  getCa,
  getChain,
  listCertificates,
  issueCertificate,
  getCertificate,
  revokeCertificate,
  releaseHold,
  renewCertificate,
  listGrants,
  revokeGrant,
  listClients,
  deleteClient,
]
