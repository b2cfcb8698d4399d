import { type Authority, operator } from '@certwright/core'
import { warn } from '../say.js'

/** How often lists are looked at: a revocation that nobody asks about is on its list by then. */
const intervalMs = 30_000

/** Publish what is due until told to stop; what a locked CA cannot publish is told once (`onBackgroundFailure`). */
export function startCrlTimer(authority: Authority): { stop(): Promise<void> } {
  const caller = { principal: operator('certwright serve') }
  let running: Promise<void> = Promise.resolve()
  const publish = async (): Promise<void> => {
    try {
      await authority.publishDueCrls(caller)
    } catch (error) {
      warn(`CRLs could not be published, and will be tried again: ${String(error)}`)
    }
  }
  const timer = setInterval(() => {
    running = running.then(publish)
  }, intervalMs)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
