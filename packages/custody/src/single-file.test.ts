import { expect, it } from 'vitest'
import { SingleFile } from './single-file.js'

it('runs one at a time, in the order of the calls, and goes on after a failure', async () => {
  const file = new SingleFile()
  const log: string[] = []
  const work = (name: string) => async () => {
    log.push(`${name} starts`)
    await new Promise((resolve) => setImmediate(resolve))
    log.push(`${name} ends`)
    if (name === 'a') throw new Error('no')
  }
  const runs = await Promise.allSettled(['a', 'b', 'c'].map((name) => file.run(work(name))))
  expect(runs.map((run) => run.status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends'])
})
