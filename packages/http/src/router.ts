import { HttpError } from './errors/http-error.js'
import type { ExtensionEndpoint } from './extension.js'
import type { Endpoint } from './routes/endpoint.js'

export interface Match {
  readonly endpoint: Endpoint | ExtensionEndpoint
  readonly parameters: Readonly<Record<string, string>>
}

/**
 * Finds the endpoint for a method and the path of a request; HEAD is answered by GET.
 *
 * @throws {HttpError} `route_not_found`; `method_not_allowed` with `Allow`
 */
export type Router = (method: string, path: string) => Match

/** @param basePath what every path begins with, but for those of the origin itself */
export function createRouter(endpoints: readonly Match['endpoint'][], basePath: string): Router {
  const routes = endpoints.map((endpoint) => ({
    endpoint,
    pattern: patternOf(endpoint, basePath).split('/'),
  }))
  return (method, path) => {
    const segments = path.split('/')
    const sought = method === 'HEAD' ? 'GET' : method
    const allowed = new Set<string>()
    for (const { endpoint, pattern } of routes) {
      const parameters = matchSegments(pattern, segments)
      if (parameters === undefined) continue
      if (endpoint.method === sought) return { endpoint, parameters }
      allowed.add(endpoint.method)
    }
    if (allowed.size === 0)
      throw new HttpError('route_not_found', 'Cannot find resource: there is none at this path')
    const allow = allowHeader(allowed)
    throw new HttpError('method_not_allowed', `Cannot use this method here: allowed is ${allow}`, { allow })
  }
}

const patternOf = (endpoint: Match['endpoint'], basePath: string): string =>
  'isRootPath' in endpoint && endpoint.isRootPath ? endpoint.path : basePath + endpoint.path

function allowHeader(methods: ReadonlySet<string>): string {
  return [...methods].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ')
}

/** `/cas/:id` takes one segment as `id`, `/ocsp/:caId/*request` everything behind as `request`; neither may be empty. */
function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  // Most routes are told apart by their words, for which nothing has to be made.
  for (let i = 0; i < pattern.length; i++) {
    if (isWord(pattern[i] as string) && pattern[i] !== segments[i]) return undefined
  }
  const parameters: Record<string, string> = {}
  for (const [index, part] of pattern.entries()) {
    const isRest = part.startsWith('*')
    if (isWord(part)) continue
    const segment = isRest ? segments.slice(index).join('/') : segments[index]
    if (segment === undefined || segment === '') return undefined
    parameters[part.slice(1)] = segment
    if (isRest) return parameters
  }
  return segments.length === pattern.length ? parameters : undefined
}

const isWord = (part: string): boolean => !part.startsWith(':') && !part.startsWith('*')
