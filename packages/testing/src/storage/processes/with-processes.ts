import type { OtherProcess } from '../storage-factory.js'
import { startProcess, type StartedProcess } from './start-process.js'

export const processCount = 4

/** Processes that have the store open, until `use` is done. */
export async function withProcesses<T>(
  other: OtherProcess,
  use: (processes: readonly StartedProcess[]) => Promise<T>,
): Promise<T> {
  const processes = await Promise.all(Array.from({ length: processCount }, () => startProcess(other)))
  try {
    return await use(processes)
  } finally {
    await Promise.all(processes.map((started) => started.kill()))
  }
}
