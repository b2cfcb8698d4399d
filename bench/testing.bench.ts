import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { type MiniCaOptions, miniCa } from '@certwright/testing'
import { type Contender, measure, median, print, reportOf, type Row, round } from './measure.js'
import { generatedChains } from './testing/generated-chains.js'
import { chainByForge, chainByOpenssl, chainByPeculiar, type TestChain } from './peers/test-chain.js'

/*
 * What a test suite waits for. First: a root, an issuing CA, and a server certificate with its key, new each time. The
 * peers make the same chain with fewer extensions; node-forge with RSA keys, since it has no others. Then: one more leaf
 * with a new key of an authority that runs. Last, in processes of their own: the first mini-CA, when nothing is compiled
 * yet, and how long the import takes.
 */

const count = 200
const rounds = 7
const warmUps = 5

async function chainByMiniCa(options: MiniCaOptions): Promise<TestChain> {
  const ca = await miniCa(options)
  return [ca.leaf('api.internal').certificatePem, ca.chainPem, ca.rootPem]
}

/** A chain that is none would be faster than it is. */
function assertChain(chain: TestChain): void {
  const [leaf, issuing, root] = chain.map((pem) => new X509Certificate(pem)) as [
    X509Certificate,
    X509Certificate,
    X509Certificate,
  ]
  const isChain = leaf.verify(issuing.publicKey) && issuing.verify(root.publicKey)
  if (!isChain || leaf.checkHost('api.internal') === undefined) throw new Error('a chain does not verify')
}

let seeds = 0
const withSeed = () => chainByMiniCa({ seed: `bench ${seeds++}` })

/** `portion`: peers take up to a second for one. */
const makers: readonly (readonly [string, () => TestChain | Promise<TestChain>, number])[] = [
  ['openssl, as a script of five commands', chainByOpenssl, 1 / count],
  ['@peculiar/x509 2', chainByPeculiar, 0.1],
  ['node-forge 1 (RSA-2048)', chainByForge, 1 / count],
  ['miniCa and one leaf', () => chainByMiniCa({}), 1],
  ['miniCa and one leaf, with a new seed', withSeed, 1],
]
for (const [, make] of makers) assertChain(await make())

const peers = makers.slice(0, 3).map(([name]) => name)
const chains = makers.map(
  ([name, make, portion]): Contender => ({
    name,
    portion,
    ...(name.startsWith('miniCa') && { peers }),
    async run(times) {
      for (let i = 0; i < times; i++) await make()
    },
  }),
)

const running = await miniCa()
const seeded = await miniCa({ seed: 'bench' })
const leaves: readonly Contender[] = [
  { name: 'leaf of a running CA', run: (times) => repeat(times, () => running.leaf('api.internal')) },
  {
    name: 'leaf of a running CA, with a seed',
    run: (times) => repeat(times, () => seeded.leaf('api.internal')),
  },
]

function repeat(times: number, work: () => unknown): void {
  for (let i = 0; i < times; i++) work()
}

/** The first one of a process, and what is waited for before. */
function firstOfProcess(name: string, options: string): Row {
  const program = `const t0 = performance.now()
    const { miniCa } = await import('@certwright/testing')
    const t1 = performance.now()
    const before = process.cpuUsage()
    const ca = await miniCa(${options})
    const t2 = performance.now()
    const { user, system } = process.cpuUsage(before)
    ca.leaf('api.internal')
    console.log(JSON.stringify([t1 - t0, t2 - t1, performance.now() - t2, user + system]))`
  const samples = Array.from({ length: rounds }, () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    })
    if (stdout === '') throw new Error(`the process printed nothing: ${stderr}`)
    return JSON.parse(stdout) as [number, number, number, number]
  })
  const [imported = 0, ms = 0, leaf = 0, cpuMicrosPerOp = 0] = [0, 1, 2, 3].map((i) =>
    round(median(samples.map((one) => one[i] ?? 0))),
  )
  return {
    name,
    opsPerSecond: Math.round(1000 / ms),
    cpuMicrosPerOp,
    ms,
    figures: { 'ms of the first leaf': leaf, 'ms of the import': imported },
  }
}

const report = await measure('testing', [...chains, ...leaves, ...generatedChains], {
  rounds,
  warmUps,
  count,
})
const first = [
  firstOfProcess('first miniCa of a process', '{}'),
  firstOfProcess('first miniCa of a process, with a seed', "{ seed: 'bench' }"),
]
print(reportOf('testing', [...report.rows, ...first]))
