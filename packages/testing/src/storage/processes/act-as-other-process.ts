import process from 'node:process'
import type { Storage } from '@certwright/core'
import { tasks, type Tasks } from './tasks.js'

export interface Question {
  readonly task: keyof Tasks
  readonly asked: unknown
}

export type Answer = { readonly answer: unknown } | { readonly failure: string }

/**
 * The whole of an adapter's module for the laws of several processes: opens the store that the argument of the command
 * line names, and does what the kit asks for, until it is killed.
 *
 * @param open on the argument that the factory gives: `OtherProcess.argument`
 * @throws {TypeError} the kit has not started this process
 */
export async function actAsOtherProcess(
  open: (argument: string) => Storage | Promise<Storage>,
): Promise<void> {
  if (process.send === undefined) throw new TypeError('actAsOtherProcess: the kit starts this program itself')
  const storage = await open(process.argv[2] ?? '')
  process.on('message', (question: Question) => {
    void answerTo(storage, question).then((answer) => process.send?.(answer))
  })
  // Whoever started it is gone.
  process.on('disconnect', () => process.exit())
  process.send({ answer: 'ready' } satisfies Answer)
}

async function answerTo(storage: Storage, { task, asked }: Question): Promise<Answer> {
  try {
    const run = tasks[task] as (storage: Storage, asked: unknown) => Promise<unknown>
    return { answer: await run(storage, asked) }
  } catch (error) {
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
