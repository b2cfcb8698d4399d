import { isPkiError } from '@certwright/core'
import type { Judge, Outcome } from './judge.js'
import type { Case } from './pack.js'

/** Ask a judge. A refusal carries its code, so that being right for a new reason is seen. */
export async function judgeCase(judge: Judge, subject: Case): Promise<Outcome> {
  try {
    const answer = await judge.answer(subject)
    if (typeof answer === 'boolean') {
      return { type: 'answer', result: answer ? judge.accepts : judge.rejects }
    }
    if ('skip' in answer) return { type: 'skip', reason: answer.skip }
    if ('answered' in answer) return { type: 'answer', result: answer.answered }
    if ('refused' in answer) {
      return { type: 'answer', result: `${judge.rejects}: ${answer.refused}`, detail: answer.detail }
    }
    return { type: 'answer', result: `${judge.accepts}, misread: ${answer.misread}` }
  } catch (error) {
    if (isPkiError(error)) {
      return { type: 'answer', result: `${judge.rejects}: ${error.code}`, detail: error.message }
    }
    return { type: 'crash', error: `untyped error: ${String(error)}` }
  }
}
