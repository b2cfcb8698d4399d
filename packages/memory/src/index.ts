export { type MemoryCustodyOptions, memoryCustody } from './custody/memory-custody.js'
export type { ScryptCost } from './custody/sealed-key.js'
export { memoryStorage } from './storage/memory-storage.js'
