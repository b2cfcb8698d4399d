import { type CrlFreshness, operator, PkiError } from '@certwright/core'
import type { PublicEndpoint } from '../routes/endpoint.js'

/** The text format of Prometheus, which OpenMetrics scrapers read as well. */
const contentType = 'text/plain; version=0.0.4; charset=utf-8'

const caller = { principal: operator('metrics') }

/** A token68 (RFC 6750 §2.1). Sixteen characters of base64 are 96 bits: nobody guesses that over a network. */
const tokenForm = /^[A-Za-z0-9._~+/-]{16,512}=*$/

/**
 * How far the list of each CA is behind, for Prometheus. It tells of every CA there is, so it is the operator's: it is not
 * there unless the host gives a token, and no API key opens it.
 *
 * @throws {TypeError} the token is too short, or has characters that a header cannot carry
 */
export function metricsEndpoint(bearerToken: string): PublicEndpoint {
  if (!tokenForm.test(bearerToken)) {
    throw new TypeError(
      'Cannot create handler: metrics.bearerToken must have at least 16 characters, of letters, digits and "-._~+/"',
    )
  }
  return {
    method: 'GET',
    path: '/metrics',
    access: 'public',
    async serve({ request, authority }) {
      requireToken(request, bearerToken)
      const body = render(await authority.crlFreshness(caller))
      return { status: 200, headers: { 'content-type': contentType, 'cache-control': 'no-store' }, body }
    },
  }
}

function requireToken(request: Request, token: string): void {
  const given = /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
  if (isSame(given, token)) return
  throw new PkiError(
    'invalid_credentials',
    'Cannot read metrics: send the token of the metrics as Bearer',
    {},
  )
}

/** In a time that tells nothing of where they differ. */
function isSame(given: string, token: string): boolean {
  let difference = given.length ^ token.length
  for (let i = 0; i < token.length; i++)
    difference |= given.charCodeAt(i % given.length) ^ token.charCodeAt(i)
  return difference === 0
}

interface Gauge {
  readonly name: string
  readonly help: string
  /** `undefined`: there is nothing to tell of this list. */
  readonly value: (list: CrlFreshness) => number | undefined
}

const seconds = (time: Date | undefined): number | undefined => time && Math.floor(time.getTime() / 1000)

const gauges: readonly Gauge[] = [
  {
    name: 'certwright_crl_published',
    help: 'Whether the list was ever published.',
    value: ({ list }) => (list === undefined ? 0 : 1),
  },
  { name: 'certwright_crl_number', help: 'CRL number of the list.', value: ({ list }) => list?.number },
  {
    name: 'certwright_crl_this_update_timestamp_seconds',
    help: 'thisUpdate of the list.',
    value: ({ list }) => seconds(list?.thisUpdate),
  },
  {
    name: 'certwright_crl_next_update_timestamp_seconds',
    help: 'nextUpdate of the list; relying parties refuse it from then on.',
    value: ({ list }) => seconds(list?.nextUpdate),
  },
  {
    name: 'certwright_crl_missing_entries',
    help: 'Changes of status since the list was made.',
    value: ({ missing }) => missing,
  },
]

/** The labels need no escapes: ids are UUIDs, and scopes are letters, digits and hyphens. */
function render(lists: readonly CrlFreshness[]): string {
  const lines = gauges.flatMap(({ name, help, value }) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...lists.flatMap((list) => {
      const told = value(list)
      return told === undefined ? [] : [`${name}{ca="${list.caId}",scope="${list.scope}"} ${told}`]
    }),
  ])
  return `${lines.join('\n')}\n`
}
