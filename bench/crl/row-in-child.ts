import { spawn } from 'node:child_process'
import { type Row, round } from '../measure.js'

/** What one process measured of itself. */
export interface Measured {
  /** Median of the lists that it made. */
  readonly ms: number
  readonly cpuMicrosPerOp: number
  readonly rounds: number
  readonly peakRssMb: number
  readonly figures: Readonly<Record<string, number>>
}

export const sizes = [10_000, 100_000, 1_000_000] as const

export const nameOf = (way: string, entries: number): string =>
  `${entries.toLocaleString('en')} entries, ${way}`

export async function rowInChild(way: string, entries: number, databaseUrl = ''): Promise<Row> {
  process.stderr.write(`crl: ${nameOf(way, entries)}\n`)
  const bundle = process.argv[1] ?? ''
  const child = spawn(process.execPath, [bundle, '--row', way, String(entries)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, BENCH_DATABASE_URL: databaseUrl },
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const code = await new Promise((resolve) => child.on('close', resolve))
  if (code !== 0) throw new Error(`crl: ${nameOf(way, entries)} ended with exit code ${String(code)}`)
  return rowOf(nameOf(way, entries), JSON.parse(output) as Measured)
}

export const rowOf = (name: string, measured: Measured): Row => ({
  name,
  opsPerSecond: round(1000 / measured.ms),
  ...measured,
})
