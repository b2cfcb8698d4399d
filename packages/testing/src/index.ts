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
