// `@certwright/testing/arbitraries`: values for fast-check, chains with the verdict that a validator must give among them.
export {
  anyChain,
  chainWithDecoy,
  decoyKinds,
  defectiveChain,
  defectsWithin,
  validChain,
} from './chains/arbitrary-chain.js'
export type { ChainLimits } from './chains/chain-limits.js'
export type {
  CaModel,
  ChainModel,
  DecoyModel,
  EndEntityModel,
  KeyKind,
  Validity,
} from './chains/chain-model.js'
export type { ChainQuestion, Identity } from './chains/chain-question.js'
export { allDefects } from './chains/defects/all-defects.js'
export { describeChain, type ExpectedVerdict, type GeneratedChain } from './chains/generated-chain.js'

// Names, keys, requests, certificates, CAs.
export {
  distinguishedName,
  hostName,
  ipAddress,
  mailbox,
  subjectAltNameOf,
  wildcard,
} from './names.js'
export { keyPair } from './keys.js'
export { certificateRequest, type GeneratedRequest } from './requests.js'
export { certificate } from './certificates.js'
export { caTree, type CrossCertificate, type GeneratedCaTree, type TreeCa } from './ca-trees.js'

// What a CA says of revocation, and DER that is nearly right.
export { type RevocationDay, type RevocationHistory, revocationHistory } from './revocation-histories.js'
export { malformedMutation, wellFormedMutation } from './der/der-mutations.js'
