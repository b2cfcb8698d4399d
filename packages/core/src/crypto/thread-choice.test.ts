import { describe, expect, it } from 'vitest'
import { ThreadChoice } from './thread-choice.js'

/** Operations in the pool, each of which ends when its turn comes. */
function newPool() {
  const ends: (() => void)[] = []
  return { ends, elsewhere: () => new Promise<string>((resolve) => ends.push(() => resolve('pool'))) }
}

const here = (): string => 'here'
const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('an operation', () => {
  it('runs on the calling thread where it is alone, however often', async () => {
    const threads = new ThreadChoice()
    const { elsewhere } = newPool()
    for (let i = 0; i < 3; i++) expect(await threads.run(here, elsewhere)).toBe('here')
  })

  it('goes to the pool with all that are asked for in one go, and with what comes while they run', async () => {
    const threads = new ThreadChoice()
    const { ends, elsewhere } = newPool()
    const both = [threads.run(here, elsewhere), threads.run(here, elsewhere)]
    await turnOfTheLoop()
    const third = threads.run(here, elsewhere)
    await turnOfTheLoop()
    expect(ends).toHaveLength(3)
    for (const end of ends) end()
    expect(await Promise.all([...both, third])).toEqual(['pool', 'pool', 'pool'])
    expect(await threads.run(here, elsewhere)).toBe('here')
  })

  it('that fails is over, on either thread', async () => {
    const threads = new ThreadChoice()
    const failure = new Error('no key')
    const fails = (): never => {
      throw failure
    }
    const rejects = (): Promise<never> => Promise.reject(failure)
    await expect(threads.run(fails, rejects)).rejects.toBe(failure)
    const both = await Promise.allSettled([threads.run(here, rejects), threads.run(here, rejects)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await threads.run(here, rejects)).toBe('here')
  })
})
