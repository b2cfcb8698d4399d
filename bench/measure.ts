import { cpus } from 'node:os'

/** One thing to measure. `run` does `count` operations; each round calls it once, in turn with its rivals. */
export interface Contender {
  readonly name: string
  run(count: number): Promise<void> | void
  /** The row that this one cannot beat: its speed is reported as a ratio to that one's. */
  readonly limit?: string
  /** Rows that do the same job with another library. */
  readonly peers?: readonly string[]
  /**
   * The part of `count` that it does: less than 1 where it is so slow that the rounds would take minutes, more where it is so
   * fast that a round would be over before the machine has turned to it.
   */
  readonly portion?: number
}

export interface Row {
  readonly name: string
  /** Median of the rounds. */
  readonly opsPerSecond: number
  readonly cpuMicrosPerOp: number
  /** Slowest and fastest round, operations per second. */
  readonly spread?: readonly [number, number]
  readonly rounds?: number
  readonly ratioToLimit?: number
  readonly timesPeer?: Readonly<Record<string, number>>
  /** Of the whole process, which does nothing else. */
  readonly peakRssMb?: number
  /** Of one operation, where it takes so long that it is what people ask for. */
  readonly ms?: number
  /** What else there is to say, by name. */
  readonly figures?: Readonly<Record<string, number>>
}

export interface Report {
  readonly bench: string
  readonly node: string
  readonly cpu: string
  readonly rows: readonly Row[]
}

interface Sample {
  readonly opsPerSecond: number
  readonly cpuMicrosPerOp: number
}

/**
 * Measure rivals in turn, round by round, so that whatever else the machine does hits all of them alike. Ratios are
 * medians of the ratios within one round. The rounds that warm up are dropped: on a busy machine it takes seconds until
 * the compiler has been through it all.
 */
export async function measure(
  bench: string,
  contenders: readonly Contender[],
  options: { readonly rounds: number; readonly warmUps: number; readonly count: number },
): Promise<Report> {
  const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]))
  for (let round = 1 - options.warmUps; round <= options.rounds; round++) {
    process.stderr.write(`${bench}: ${round > 0 ? `round ${round} of ${options.rounds}` : 'warming up'}\n`)
    for (const contender of contenders) {
      const sample = await sampleOf(contender, Math.ceil(options.count * (contender.portion ?? 1)))
      if (round > 0) samples.get(contender.name)?.push(sample)
    }
  }
  const rows = contenders.map((contender) => rowOf(contender, samples))
  return reportOf(bench, rows)
}

/** The rows, and where they were measured. */
export const reportOf = (bench: string, rows: readonly Row[]): Report => ({
  bench,
  node: process.version,
  cpu: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
  rows,
})

async function sampleOf(contender: Contender, count: number): Promise<Sample> {
  const cpuBefore = process.cpuUsage()
  const before = performance.now()
  await contender.run(count)
  const seconds = (performance.now() - before) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  return { opsPerSecond: count / seconds, cpuMicrosPerOp: (user + system) / count }
}

function rowOf(contender: Contender, samples: ReadonlyMap<string, readonly Sample[]>): Row {
  const own = samples.get(contender.name) ?? []
  const speeds = own.map(({ opsPerSecond }) => opsPerSecond)
  const against = (name: string): number =>
    round(
      median((samples.get(name) ?? []).map((rival, i) => (own[i]?.opsPerSecond ?? 0) / rival.opsPerSecond)),
    )
  const { limit, peers } = contender
  return {
    name: contender.name,
    opsPerSecond: Math.round(median(speeds)),
    cpuMicrosPerOp: round(median(own.map(({ cpuMicrosPerOp }) => cpuMicrosPerOp))),
    spread: [Math.round(Math.min(...speeds)), Math.round(Math.max(...speeds))],
    rounds: own.length,
    ...(limit !== undefined && { ratioToLimit: against(limit) }),
    ...(peers !== undefined && { timesPeer: Object.fromEntries(peers.map((peer) => [peer, against(peer)])) }),
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** To two places. */
export const round = (value: number): number => Math.round(value * 100) / 100

/** The report as one JSON object with `--json`, else as a table for people. */
export function print(report: Report): void {
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify(report)}\n`)
    return
  }
  process.stdout.write(`${report.bench}: Node ${report.node}, ${report.cpu}\n\n`)
  const width = Math.max(...report.rows.map(({ name }) => name.length))
  for (const row of report.rows)
    process.stdout.write(`${row.name.padEnd(width)}  ${describe(row).join('  ')}\n`)
}

function describe(row: Row): readonly string[] {
  const { opsPerSecond, cpuMicrosPerOp, spread, ms, peakRssMb, ratioToLimit } = row
  const rounds = spread === undefined ? '' : ` (${spread.join(' to ')}, ${row.rounds} rounds)`
  return [
    ms === undefined ? `${opsPerSecond} ops/s${rounds}` : `${ms} ms${rounds}`,
    ms === undefined ? `${cpuMicrosPerOp} µs CPU` : `${round(cpuMicrosPerOp / 1000)} ms CPU`,
    ...(peakRssMb === undefined ? [] : [`${peakRssMb} MB peak`]),
    ...(ratioToLimit === undefined ? [] : [`${ratioToLimit} of the limit`]),
    ...Object.entries(row.timesPeer ?? {}).map(([peer, times]) => `${times} times ${peer}`),
    ...Object.entries(row.figures ?? {}).map(([figure, value]) => `${figure} ${value}`),
  ]
}
