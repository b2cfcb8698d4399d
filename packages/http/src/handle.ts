import { type Authority, hasCode, type Principal } from '@certwright/core'
import { type Answer, completed } from './answer.js'
import { authenticate, refused } from './authentication.js'
import { readBody } from './body.js'
import { addressKey } from './client-address.js'
import { errorAnswer } from './errors/error-answer.js'
import type { ExtensionVisit, HandlerExtension } from './extension.js'
import type { HandlerOptions, Logger } from './options.js'
import type { Arrival } from './own-handler.js'
import type { RateLimits } from './rate-limit.js'
import { requestIdOf } from './request-id.js'
import type { Match, Router } from './router.js'
import type { Visit } from './routes/endpoint.js'

export interface HandlerParts {
  readonly authority: Authority
  readonly router: Router
  readonly extensions: readonly HandlerExtension[]
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

export async function handle(arrival: Arrival, parts: HandlerParts): Promise<Answer | Response> {
  const { request } = arrival
  const trace: Trace = {
    requestId: requestIdOf(request),
    started: performance.now(),
    route: 'none',
    principalId: undefined,
    rateLimitHeaders: {},
  }
  const answer = await answerRequest(arrival, parts, trace).catch((error: unknown) => {
    const refusal = errorAnswer(error, trace.requestId)
    if (refusal.status >= 500)
      parts.logger?.error({ ...fieldsOf(trace, request), err: error }, 'request failed')
    return refusal.status === 401 ? withChallenge(refusal, request, parts) : refusal
  })
  if (parts.logger !== undefined) logAnswer(answer, request, trace, parts.logger)
  const { requestId, rateLimitHeaders } = trace
  if (answer instanceof Response) {
    return completed(answer, { 'x-request-id': requestId, ...rateLimitHeaders }, request.method !== 'HEAD')
  }
  return { ...answer, headers: { 'x-request-id': requestId, ...rateLimitHeaders, ...answer.headers } }
}

async function answerRequest(
  arrival: Arrival,
  parts: HandlerParts,
  trace: Trace,
): Promise<Answer | Response> {
  const { request, connection } = arrival
  const url = new URL(request.url)
  const { endpoint, parameters } = parts.router(request.method, url.pathname)
  trace.route = endpoint.path
  const address = parts.clientAddress(request, connection)
  const visit = visitOf(arrival, url, parameters, parts, trace)
  if (endpoint.access === 'public') {
    const bucket = ('limit' in endpoint && endpoint.limit) || 'public'
    if (address !== undefined) trace.rateLimitHeaders = await parts.limits.count(bucket, addressKey(address))
    return endpoint.serve(visit)
  }
  const principal = await admit(request, visit.path, address, parts)
  trace.principalId = principal.id
  trace.rateLimitHeaders = await parts.limits.count(endpoint.access, principal.id)
  const countIssuance = async (): Promise<void> => {
    trace.rateLimitHeaders = await parts.limits.count('issue', principal.id)
  }
  return endpoint.serve({ countIssuance, ...visit }, { principal })
}

/** What endpoints, ours and those of extensions, may see of a request. */
function visitOf(
  { request, isHeldToLength = false }: Arrival,
  url: URL,
  parameters: Match['parameters'],
  { authority, maximumBodyBytes, basePath, now }: HandlerParts,
  { requestId }: Trace,
): Visit & ExtensionVisit {
  const isBelow = url.pathname.startsWith(`${basePath}/`)
  return {
    request,
    requestId,
    parameters,
    path: isBelow ? url.pathname.slice(basePath.length) : url.pathname,
    get query() {
      return url.searchParams
    },
    authority,
    now,
    readBody: (maximumBytes = maximumBodyBytes) =>
      readBody(request, Math.min(maximumBytes, maximumBodyBytes), isHeldToLength),
  }
}

function withChallenge(refusal: Answer, request: Request, { extensions, basePath }: HandlerParts): Answer {
  const path = new URL(request.url).pathname.slice(basePath.length)
  const fault = request.headers.has('authorization') ? 'invalid' : 'missing'
  for (const extension of extensions) {
    const challenge = extension.challenge?.(path, fault)
    if (challenge !== undefined)
      return { ...refusal, headers: { ...refusal.headers, 'www-authenticate': challenge } }
  }
  return refusal
}

/**
 * Whose credential this is. Refused ones are counted by address, and too many of them are answered with 429. A valid one
 * is let in all the same: behind a proxy many clients have one address, and none may lock out the others.
 */
async function admit(
  request: Request,
  path: string,
  address: string | undefined,
  parts: HandlerParts,
): Promise<Principal> {
  try {
    const principal = await authenticate(request, parts.authority)
    if (parts.extensions.every((extension) => extension.admits?.(path, principal) !== false)) return principal
    throw refused('the token is for another resource')
  } catch (error) {
    if (address !== undefined && hasCode(error, 'invalid_credentials')) {
      await parts.limits.count('refused', addressKey(address))
    }
    throw error
  }
}

function logAnswer(answer: Answer | Response, request: Request, trace: Trace, logger: Logger): void {
  const fields = {
    ...fieldsOf(trace, request),
    status: answer.status,
    code: codeOf(answer),
    ms: Math.round((performance.now() - trace.started) * 10) / 10,
  }
  if (answer.status >= 500) logger.warn(fields, 'request')
  else logger.info(fields, 'request')
}

const codeOf = ({ headers }: Answer | Response): string | undefined =>
  headers instanceof Headers ? (headers.get('certwright-error') ?? undefined) : headers['certwright-error']

/** The route's pattern and not the path: a path may hold anything. */
function fieldsOf(trace: Trace, request: Request): Record<string, unknown> {
  const { requestId, route, principalId } = trace
  return { requestId, method: request.method, route, principalId }
}
