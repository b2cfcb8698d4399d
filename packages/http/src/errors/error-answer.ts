import { hasCode, isPkiError } from '@certwright/core'
import { type Answer, jsonAnswer } from '../answer.js'
import { HttpError } from './http-error.js'
import { type ErrorCode, statusOfCode } from './statuses.js'

/** Seconds after which a client may come back when the store or the key custody did not answer. */
const retryAfterOutageSeconds = 5

/** Seconds until whoever was faster is done. */
const retryAfterConflictSeconds = 1

/**
 * Any failure as the documented body, with the code in `Certwright-Error`. What the caller can mend is told in full;
 * of a failure on our side the client learns a sentence and the request id, the logger the rest.
 */
export function errorAnswer(error: unknown, requestId: string): Answer {
  const code = codeOf(error)
  const status = statusOfCode[code]
  const sentence = status < 500 && error instanceof Error ? error.message : outageSentence(status, requestId)
  return {
    ...jsonAnswer({ error: sentence }, { 'certwright-error': code, ...headersOf(error) }),
    status,
  }
}

function codeOf(error: unknown): ErrorCode {
  const code = isPkiError(error) || error instanceof HttpError ? error.code : 'internal_error'
  // A second copy of core may know codes that this table does not.
  return Object.hasOwn(statusOfCode, code) ? code : 'internal_error'
}

function outageSentence(status: number, requestId: string): string {
  return status === 503
    ? `The service cannot complete this request at the moment, try again later (request ${requestId})`
    : `The service failed on this request, tell its operator the request id ${requestId}`
}

function headersOf(error: unknown): Readonly<Record<string, string>> {
  if (error instanceof HttpError) return error.headers
  if (hasCode(error, 'invalid_credentials')) return { 'www-authenticate': 'Bearer' }
  const seconds = retryAfterSeconds(error)
  return seconds === undefined ? {} : { 'retry-after': String(seconds) }
}

function retryAfterSeconds(error: unknown): number | undefined {
  if (hasCode(error, 'idempotency_in_progress')) return error.context.retryAfterSeconds
  if (hasCode(error, 'storage_conflict')) return retryAfterConflictSeconds
  const isOutage = hasCode(error, 'storage_unavailable') || hasCode(error, 'custody_unavailable')
  return isOutage && error.context.retryable ? retryAfterOutageSeconds : undefined
}
