import { type ChildProcess, fork } from 'node:child_process'
import type { Outcome } from './judge.js'
import type { Case } from './pack.js'
import type { WorkerMessage } from './worker.js'

/** Megabytes: a case that needs more ends its process, which is a crash. */
const heapLimit = 512

/**
 * Judges cases in a process of its own: an endless loop, an abort or a heap that overflows ends that process and no
 * other. The next case gets a new one.
 */
export class CaseWorker {
  readonly #script: string
  #child: ChildProcess | undefined
  /** CPU time of all cases, in seconds; of a hang, its limit. */
  cpuSeconds = 0

  constructor(script: string) {
    this.#script = script
  }

  /**
   * A case that is over its limit is asked once more, of a new process: the limit is one of the clock, and a machine that
   * was busy elsewhere for a second is not a hang. What hangs, hangs twice.
   *
   * @param limit milliseconds
   */
  async judge(subject: Case, limit: number): Promise<Outcome> {
    const outcome = await this.#judgeOnce(subject, limit)
    return outcome.type === 'hang' ? this.#judgeOnce(subject, limit) : outcome
  }

  async #judgeOnce(subject: Case, limit: number): Promise<Outcome> {
    const child = this.#child ?? (await this.#start())
    const message = await new Promise<WorkerMessage | 'hang' | { ended: string }>((resolve) => {
      const timer = setTimeout(() => settle('hang'), limit)
      const onExit = (code: number | null, signal: string | null): void =>
        settle({ ended: signal ?? `exit code ${code}` })
      const settle = (result: WorkerMessage | 'hang' | { ended: string }): void => {
        clearTimeout(timer)
        child.off('message', settle)
        child.off('exit', onExit)
        resolve(result)
      }
      child.on('message', settle)
      child.on('exit', onExit)
      child.send(subject)
    })
    if (message === 'hang' || message === 'ready') {
      this.stop()
      this.cpuSeconds += limit / 1000
      return { type: 'hang' }
    }
    if ('ended' in message) {
      this.#child = undefined
      return { type: 'crash', error: `untyped error: the process ended with ${message.ended}` }
    }
    this.cpuSeconds += message.cpuMicros / 1e6
    return message.outcome
  }

  stop(): void {
    this.#child?.kill('SIGKILL')
    this.#child = undefined
  }

  /** Loading the library is not part of a case: the clock starts when the process is ready. */
  async #start(): Promise<ChildProcess> {
    const child = fork(this.#script, {
      execArgv: [`--max-old-space-size=${heapLimit}`, '--no-warnings'],
      // stdout belongs to the report.
      stdio: ['ignore', 2, 2, 'ipc'],
    })
    this.#child = child
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`The worker did not start: exit code ${code}`)))
    })
    child.removeAllListeners('exit')
    return child
  }
}
