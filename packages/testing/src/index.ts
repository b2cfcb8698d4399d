// The laws of the storage port, for an adapter.
export { describeStorage, type DescribeStorageOptions, type TestRunner } from './storage/describe-storage.js'
export { storageLaws } from './storage/storage-laws.js'
export { reasonToSkip, type StorageLaw } from './storage/storage-law.js'
export type {
  OpenedStorage,
  OtherProcess,
  ProbedRows,
  StorageFactory,
  StorageNeed,
  StorageProbe,
} from './storage/storage-factory.js'
export { actAsOtherProcess } from './storage/processes/act-as-other-process.js'

// Ports that fail on purpose, and are watched.
export type { Ports } from './chaos/ports.js'
export { observePorts, type PortCall, type PortObserver } from './chaos/observe-ports.js'
export { recordCalls } from './chaos/record-calls.js'
export { crashAt, failAt } from './chaos/crash-at.js'
export { portFailure } from './chaos/port-failure.js'
export { withLatency } from './chaos/with-latency.js'
export { duplicateDelivery } from './chaos/duplicate-delivery.js'
export { lostAcknowledgement } from './chaos/lost-acknowledgement.js'
export { outcomeUnknown } from './chaos/outcome-unknown.js'
export { skewedClock } from './chaos/skewed-clock.js'
export { repeatedRandom } from './chaos/repeated-random.js'

// A certificate authority for tests.
export { miniCa, type LeafOptions, type MiniCa, type MiniCaOptions } from './mini-ca/mini-ca.js'
export type {
  MiniLeaf,
  MutualServerOptions,
  PlaywrightContextOptions,
  TlsIdentity,
} from './mini-ca/mini-leaf.js'
export { seededCustody } from './seeded/seeded-custody.js'

// The catalogue: named ways for a certificate, a CRL or an OCSP response to be wrong.
export { bad, catalogue } from './catalogue/catalogue.js'
export type { BadCase, ValidationCase } from './catalogue/bad-case.js'

// The forge: certificates, CRLs and OCSP responses of a specification, right or wrong, the same bytes each time.
export {
  type CaSpec,
  type CertificateSpec,
  type EndEntitySpec,
  forgeCa,
  forgeCertificate,
  type ForgedCertificate,
  type ForgedIssuer,
  forgeEndEntity,
} from './forge/forge-certificate.js'
export { type CrlEntrySpec, type CrlSpec, forgeCrl, type ForgedCrl } from './forge/forge-crl.js'
export {
  type CertIdSpec,
  forgeOcspError,
  forgeOcspResponse,
  type OcspResponseSpec,
  type OcspStatusSpec,
  type SingleResponseSpec,
} from './forge/forge-ocsp-response.js'
export { type ForgeKey, forgeKey, type ForgeKeyAlgorithm } from './forge/keys/forge-key.js'
export type { ForgeSignatureAlgorithm } from './forge/keys/signature-algorithms.js'
export type { AlgorithmSpec, SigningSpec } from './forge/sign-forgery.js'
export { append, flipBit, replaceOctets, truncate } from './forge/alter-octets.js'
export {
  extension,
  type ExtensionSpec,
  type ExtensionsSpec,
  rawExtension,
} from './forge/fields/extension-spec.js'
export type { NameSpec } from './forge/fields/name-spec.js'
export type { SerialSpec } from './forge/fields/serial-spec.js'
export { forgeTime, type TimeSpec } from './forge/fields/time-spec.js'

// Laws for validators, with chains whose verdict is known.
export { validatorLaws } from './validator/validator-laws.js'
export { type OcspClient, ocspLaws, type OcspQuestion } from './validator/ocsp-laws.js'
export type { ChainValidator, LawOptions, ValidatorLaw } from './validator/validator-law.js'
export type { ChainQuestion, Identity } from './arbitraries/chains/chain-question.js'
export type { ChainLimits } from './arbitraries/chains/chain-limits.js'

// Laws for adapters of custody, and for whole authorities.
export {
  type CustodyFactory,
  type CustodyLaw,
  custodyLaws,
  type OpenedCustody,
} from './custody/custody-laws.js'
export { type AuthorityLaw, authorityLaws } from './authority/authority-laws.js'

// Histories that repeat themselves byte for byte.
export { type ManualClock, manualClock } from './seeded/manual-clock.js'
export {
  seededAuthority,
  type SeededAuthority,
  type SeededAuthorityOptions,
  type SeededSettings,
} from './seeded/seeded-authority.js'
export { recordTrace, type RecordedAuthority } from './replay/record-trace.js'
export { replay, type ReplayDifference, type ReplayReport } from './replay/replay.js'
export {
  parseTrace,
  type Trace,
  type TracedCall,
  type TracedOutcome,
  type TraceValue,
} from './replay/trace.js'
export { checkAuthorityHistories, type HistoryOptions } from './authority/histories/run-history.js'
export { checkAuthorityRaces, type RaceOptions } from './authority/races/run-races.js'
