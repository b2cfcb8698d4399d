import type { Outcome } from './judge.js'
import { judgeCase } from './judge-case.js'
import { judges } from './judges/judges.js'
import type { Case } from './pack.js'

/*
 * A process that judges one case at a time, so that the runner can end it. It says `ready` once, then answers each
 * case with what came of it and the CPU time that took.
 */

export type WorkerMessage = 'ready' | { readonly outcome: Outcome; readonly cpuMicros: number }

const send = (message: WorkerMessage): boolean | undefined => process.send?.(message)

process.on('message', (subject: Case) => void answer(subject))
send('ready')

async function answer(subject: Case): Promise<void> {
  const before = process.cpuUsage()
  const judge = judges.get(subject.kind)
  const outcome: Outcome = judge
    ? await judgeCase(judge, subject)
    : { type: 'crash', error: `the worker has no judge of kind ${subject.kind}` }
  const { user, system } = process.cpuUsage(before)
  send({ outcome, cpuMicros: user + system })
}
