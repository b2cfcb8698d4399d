import { median, type Row, round } from '../measure.js'
import type { Load } from './load.js'

/** The rounds of each contender; those of one index were one after the other. */
export type Sampled<Name extends string> = Readonly<Record<Name, Load[]>>

export function rowOfLoads(name: string, loads: readonly Load[]): Row {
  const of = (figure: keyof Load): number[] => loads.map((one) => one[figure])
  const speeds = of('requestsPerSecond')
  return {
    name,
    opsPerSecond: Math.round(median(speeds)),
    cpuMicrosPerOp: round(median(of('cpuMicros'))),
    spread: [Math.round(Math.min(...speeds)), Math.round(Math.max(...speeds))],
    rounds: loads.length,
    figures: { p50Ms: round(median(of('p50Ms'))), p99Ms: round(median(of('p99Ms'))) },
  }
}

/** Median of the ratios within one round. */
export const ratioOf = (own: readonly Load[], limit: readonly Load[]): number =>
  round(median(own.map((one, i) => one.requestsPerSecond / (limit[i]?.requestsPerSecond ?? 0))))
