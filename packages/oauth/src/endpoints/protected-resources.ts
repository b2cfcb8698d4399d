import type { HandlerExtension } from '@certwright/http'
import type { Settings } from '../options.js'

/** RFC 9728 §3.1: the well-known part goes between the origin and the path of the resource. */
export const metadataPath = (resource: string): string =>
  `/.well-known/oauth-protected-resource${pathOf(resource)}`

/** RFC 9728 §2. */
export const protectedResourceMetadata = (resource: string, { issuer }: Settings): object => ({
  resource,
  resource_name: 'Certwright',
  authorization_servers: [issuer],
  bearer_methods_supported: ['header'],
})

/**
 * What a 401 says (RFC 6750 §3, RFC 9728 §5.1): where the resource's metadata are, and that the token was not valid where
 * there was one.
 */
export function challengeFor(settings: Settings): NonNullable<HandlerExtension['challenge']> {
  return (path, fault) => {
    const resource = resourceAt(path, settings)
    const parameters = [
      ...(fault === 'invalid' ? ['error="invalid_token"'] : []),
      `resource_metadata="${new URL(resource).origin}${metadataPath(resource)}"`,
    ]
    return `Bearer ${parameters.join(', ')}`
  }
}

/** A token is good at the resource that it is for, and at no other (RFC 8707 §2, RFC 9068 §4). API keys are for all. */
export const admitsFor =
  (settings: Settings): NonNullable<HandlerExtension['admits']> =>
  (path, principal) =>
    principal.kind !== 'oauth' || principal.audience === resourceAt(path, settings)

/** The resource with the longest path that the request is below; the first where there is none. */
function resourceAt(path: string, { resources, pathPrefix }: Settings): string {
  const full = pathPrefix + path
  const isBelow = (resource: string): boolean =>
    full === pathOf(resource) || full.startsWith(`${pathOf(resource)}/`)
  const [nearest = resources[0] as string] = resources
    .filter(isBelow)
    .sort((a, b) => pathOf(b).length - pathOf(a).length)
  return nearest
}

function pathOf(resource: string): string {
  const { pathname } = new URL(resource)
  return pathname === '/' ? '' : pathname
}
