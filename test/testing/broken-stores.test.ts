import { memoryStorage } from '@certwright/memory'
import type { Storage } from '@certwright/core'
import { reasonToSkip, type StorageFactory, storageLaws } from '@certwright/testing'
import { describe, expect, it } from 'vitest'
import { memoryStores } from '../storage/memory-stores.js'
import { brokenStores } from './broken-stores.js'

/* The proof of the laws: each is broken by a store that is wrong in just this way, and none by one that is right. */

const asked = storageLaws.filter((law) => reasonToSkip(law, memoryStores) === undefined)

const factoryOf = (open: () => Storage): StorageFactory => ({
  ...memoryStores,
  open: async () => ({ storage: open(), close: async () => undefined }),
})

/** A broken store may never answer: that is a refusal too. */
const patience = 5_000

/** The names of the laws that refuse the store. */
async function refusals(factory: StorageFactory): Promise<string[]> {
  const refused: string[] = []
  for (const law of asked) {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no answer')), patience)
    })
    await Promise.race([law.run(factory), tooLong]).catch(() => refused.push(law.name))
    clearTimeout(timer)
  }
  return refused
}

describe('the laws of the storage port', () => {
  it('are all kept by the reference adapter', async () => {
    expect(asked.length).toBeGreaterThan(80)
    expect(await refusals(factoryOf(memoryStorage))).toEqual([])
  }, 60_000)

  it('have a name each', () => {
    const names = storageLaws.map(({ group, name }) => `${group} ${name}`)
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(brokenStores)(
    'refuse a store where $bug',
    async ({ open, refusedBy }) => {
      expect(storageLaws.map(({ name }) => name)).toContain(refusedBy)
      expect(await refusals(factoryOf(open))).toContain(refusedBy)
    },
    60_000,
  )
})
