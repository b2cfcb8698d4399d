import { memoryStorage } from '@certwright/memory'
import type { StorageFactory } from '@certwright/testing'

export const memoryStores: StorageFactory = {
  open: async () => ({ storage: memoryStorage(), close: async () => undefined }),
  lacks: {
    probe: 'its rows are in its own memory, where nothing else can look',
    processes: 'it lives in one process',
    driver: 'there is none',
  },
}
