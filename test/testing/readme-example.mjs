import { describe, it } from 'node:test'
import { memoryStorage } from '@certwright/memory'
import { describeStorage } from '@certwright/testing'

const stores = {
  open: async () => ({ storage: memoryStorage(), close: async () => undefined }),
  lacks: {
    probe: 'its rows are in its own memory',
    processes: 'it lives in one process',
    driver: 'there is none',
  },
}

describeStorage('my adapter', stores, { runner: { describe, it } })
