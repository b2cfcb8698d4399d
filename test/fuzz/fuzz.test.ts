import { fileURLToPath } from 'node:url'
import { parseCertificate } from '@certwright/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { startCorpus } from './corpus.js'
import { readNodes, writeNodes } from './der-tree.js'
import { type FuzzOptions, fuzzTarget } from './fuzz-target.js'
import { ownArtefacts } from './own-artefacts.js'
import { targets } from './targets.js'

const vectors = fileURLToPath(new URL('../../../shared/vectors', import.meta.url))

/** Milliseconds of an imaginary clock, one a look: a run has so many executions, on any machine. */
function ticking(): () => number {
  let now = 0
  return () => ++now
}

let corpus: readonly Uint8Array[]
beforeAll(async () => {
  corpus = await startCorpus(vectors)
})

const options = (rest: Partial<FuzzOptions> = {}): FuzzOptions => ({
  parser: 'test',
  parse: parseCertificate,
  corpus,
  seconds: 1,
  seed: 1,
  clock: ticking(),
  heap: () => 0,
  ...rest,
})

async function inputsOf(seed: number): Promise<string[]> {
  const inputs: string[] = []
  await fuzzTarget(options({ seed, onInput: (input) => inputs.push(Buffer.from(input).toString('hex')) }))
  return inputs
}

describe('the fuzzer', () => {
  it('starts from artefacts of our own that each some parser reads', async () => {
    const parsers = [...targets.values()]
    for (const artefact of await ownArtefacts()) {
      expect(readNodes(artefact)).toBeDefined()
      expect(writeNodes(readNodes(artefact) ?? [])).toEqual(artefact)
      const reads = parsers.map(async (parse) => parse(artefact))
      expect((await Promise.allSettled(reads)).some(({ status }) => status === 'fulfilled')).toBe(true)
    }
  })

  it('makes the same inputs from the same seed', async () => {
    expect(await inputsOf(1)).toEqual(await inputsOf(1))
    expect(await inputsOf(1)).not.toEqual(await inputsOf(2))
  })

  it('finds an untyped error, and tells its input', async () => {
    const report = await fuzzTarget(
      options({
        parse: (der) => {
          if (der[0] !== 0x30) throw new TypeError('x is undefined')
        },
      }),
    )
    expect(report.faults).toEqual([
      { error: 'TypeError: x is undefined', input: expect.stringMatching(/^(?!30)[0-9a-f]*$/) },
    ])
  })
})

describe('every parser', () => {
  it.each([...targets])(
    '%s reads or refuses with a typed error, whatever the input',
    { timeout: 60_000 },
    async (parser, parse) => {
      // Some five hundred inputs, however busy the machine is; npm run fuzz goes on as long as it is told, and looks at time.
      const report = await fuzzTarget(options({ parser, parse }))
      expect(report.faults).toEqual([])
      expect(report.executions).toBeGreaterThan(400)
    },
  )
})
