import { type Authority, hasCode, type Principal } from '@certwright/core'
import { type Answer, toResponse } from './answer.js'
import { authenticate } from './authentication.js'
import { addressKey } from './client-address.js'
import { errorAnswer } from './errors/error-answer.js'
import type { Connection, HandlerOptions, Logger } from './options.js'
import type { RateLimits } from './rate-limit.js'
import { requestIdOf } from './request-id.js'
import type { Router } from './router.js'
import type { Visit } from './routes/endpoint.js'

export interface HandlerParts {
  readonly authority: Authority
  readonly router: Router
  readonly limits: RateLimits
  readonly basePath: string
  readonly maximumBodyBytes: number
  readonly logger: Logger | undefined
  readonly clientAddress: NonNullable<HandlerOptions['clientAddress']>
  readonly now: () => Date
}

/** What is known of a request so far, for the answer's headers and the log line. One a request, never shared. */
interface Trace {
  readonly requestId: string
  readonly started: number
  route: string
  principalId: string | undefined
  rateLimitHeaders: Readonly<Record<string, string>>
}

export async function handle(
  request: Request,
  connection: Connection,
  parts: HandlerParts,
): Promise<Response> {
  const trace: Trace = {
    requestId: requestIdOf(request),
    started: performance.now(),
    route: 'none',
    principalId: undefined,
    rateLimitHeaders: {},
  }
  const answer = await answerRequest(request, connection, parts, trace).catch((error: unknown) => {
    const refusal = errorAnswer(error, trace.requestId)
    if (refusal.status >= 500)
      parts.logger?.error({ ...fieldsOf(trace, request), err: error }, 'request failed')
    return refusal
  })
  logAnswer(answer, request, trace, parts.logger)
  const headers = { 'x-request-id': trace.requestId, ...trace.rateLimitHeaders, ...answer.headers }
  return toResponse({ ...answer, headers }, request.method !== 'HEAD')
}

async function answerRequest(
  request: Request,
  connection: Connection,
  parts: HandlerParts,
  trace: Trace,
): Promise<Answer> {
  const url = new URL(request.url)
  const { endpoint, parameters } = parts.router(request.method, pathBelow(parts.basePath, url.pathname))
  trace.route = endpoint.path
  const address = parts.clientAddress(request, connection)
  const visit: Visit = {
    request,
    parameters,
    query: url.searchParams,
    authority: parts.authority,
    maximumBodyBytes: parts.maximumBodyBytes,
    now: parts.now,
  }
  if (endpoint.access === 'public') {
    if (address !== undefined)
      trace.rateLimitHeaders = await parts.limits.count('public', addressKey(address))
    return endpoint.serve(visit)
  }
  const principal = await admit(request, address, parts)
  trace.principalId = principal.id
  trace.rateLimitHeaders = await parts.limits.count(endpoint.access, principal.id)
  return endpoint.serve(visit, { principal })
}

/** Below the base path; '' matches no route. */
function pathBelow(basePath: string, path: string): string {
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : ''
}

/**
 * Whose credential this is. Refused ones are counted by address, and too many of them are answered with 429. A valid one
 * is let in all the same: behind a proxy many clients have one address, and none may lock out the others.
 */
async function admit(request: Request, address: string | undefined, parts: HandlerParts): Promise<Principal> {
  try {
    return await authenticate(request, parts.authority)
  } catch (error) {
    if (address !== undefined && hasCode(error, 'invalid_credentials')) {
      await parts.limits.count('refused', addressKey(address))
    }
    throw error
  }
}

function logAnswer(answer: Answer, request: Request, trace: Trace, logger: Logger | undefined): void {
  const fields = {
    ...fieldsOf(trace, request),
    status: answer.status,
    code: answer.headers['certwright-error'],
    ms: Math.round((performance.now() - trace.started) * 10) / 10,
  }
  if (answer.status >= 500) logger?.warn(fields, 'request')
  else logger?.info(fields, 'request')
}

/** The route's pattern and not the path: a path may hold anything. */
function fieldsOf(trace: Trace, request: Request): Record<string, unknown> {
  const { requestId, route, principalId } = trace
  return { requestId, method: request.method, route, principalId }
}
