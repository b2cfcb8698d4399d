export { type MemoryCustodyOptions, memoryCustody } from './custody/memory-custody.js'
export { memoryKeyStore } from './custody/memory-key-store.js'
export type { ScryptCost } from '@certwright/custody'
export { memoryStorage } from './storage/memory-storage.js'
