/** How exact `lastUsedAt` is: a write for each key and minute, not one for each request. */
export const keyUseSeconds = 60

/** Keys that are remembered: more than are in use within a minute, and a few megabytes. */
const maximumKeys = 10_000

/** When this process has last tried to write down that a key was used, so that a burst of requests is one attempt. */
export interface KeyUse {
  /** Whether it is this caller's turn to write; then it is nobody's for the next minute. */
  isDue(apiKeyId: string, now: Date): boolean
}

export function keyUse(): KeyUse {
  const tried = new Map<string, number>()
  return {
    isDue(apiKeyId, now) {
      const time = now.getTime()
      const last = tried.get(apiKeyId)
      if (last !== undefined && Math.abs(time - last) < keyUseSeconds * 1000) return false
      if (tried.size >= maximumKeys) tried.clear()
      tried.set(apiKeyId, time)
      return true
    },
  }
}
