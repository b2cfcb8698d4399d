/**
 * `resource` as it was configured: clients that take the URL apart and put it together again add a slash at the end, and
 * the comparison is exact (RFC 8707 §2). Others are left for the server to refuse.
 */
export function withKnownResources(fields: URLSearchParams, resources: readonly string[]): URLSearchParams {
  const named = fields.getAll('resource')
  const changed = new URLSearchParams(fields)
  changed.delete('resource')
  for (const resource of new Set(named.map((each) => knownResource(each, resources)))) {
    changed.append('resource', resource)
  }
  return changed
}

function knownResource(resource: string, resources: readonly string[]): string {
  const bare = resource.endsWith('/') ? resource.slice(0, -1) : resource
  return resources.includes(bare) ? bare : resource
}
