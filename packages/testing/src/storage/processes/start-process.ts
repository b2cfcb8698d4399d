import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { OtherProcess } from '../storage-factory.js'
import type { Answer, Question } from './act-as-other-process.js'
import type { Tasks } from './tasks.js'

/** A process with the same store open. */
export interface StartedProcess {
  /** One question at a time. Rejects with what has failed there. */
  ask<T extends keyof Tasks>(task: T, asked: Parameters<Tasks[T]>[1]): Promise<Awaited<ReturnType<Tasks[T]>>>
  /** At once, as the power fails: nothing is closed. */
  kill(): Promise<void>
}

/** Resolves when it has opened the store. */
export async function startProcess({ module, argument }: OtherProcess): Promise<StartedProcess> {
  // Options of the runner's own process, as loaders and inspectors, are not for this one.
  const child = fork(module, [argument], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  await answerOf(child)
  return {
    async ask(task, asked) {
      const answer = answerOf(child)
      child.send({ task, asked } satisfies Question)
      // The tasks of both sides are one table.
      return (await answer) as never
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const answer = await new Promise<Answer>((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the other process has ended (${code})`))
    child.once('exit', ended)
    child.once('error', reject)
    child.once('message', (message) => {
      child.off('exit', ended)
      child.off('error', reject)
      resolve(message as Answer)
    })
  })
  if ('failure' in answer) throw new Error(`the other process has failed: ${answer.failure}`)
  return answer.answer
}
