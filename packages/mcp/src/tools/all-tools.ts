import { explainCertificate } from './explain-certificate.js'
import { getChain } from './get-chain.js'
import { issueFromCsr } from './issue-from-csr.js'
import { issueWithKey } from './issue-with-key.js'
import { listCas } from './list-cas.js'
import { renewFromCsr, renewWithKey } from './renew.js'
import { revokeCertificate } from './revoke.js'
import { searchCertificates } from './search-certificates.js'
import type { Tool } from './tool.js'
import { verifyChain } from './verify-chain.js'
import { whoami } from './whoami.js'

/** In the order in which an agent meets them. */
export const allTools: readonly Tool[] = [
  whoami,
  listCas,
  getChain,
  searchCertificates,
  explainCertificate,
  verifyChain,
  issueFromCsr,
  issueWithKey,
  renewFromCsr,
  renewWithKey,
  revokeCertificate,
]
