import { type Authority, operator } from '@certwright/core'
import { warn } from '../say.js'

/** What a server does by itself. Each may run in many processes over one store. */
interface Chore {
  readonly intervalMs: number
  /** What is to be told where it failed; it is tried again at the next turn. */
  readonly failure: string
  readonly run: (authority: Authority) => Promise<unknown>
}

interface RunningChores {
  readonly stop: () => Promise<void>
}

const caller = { principal: operator('certwright serve') }

const chores: readonly Chore[] = [
  {
    // A revocation that nobody asks about is on its list by then. What a locked CA cannot publish is told by
    // `onBackgroundFailure`.
    intervalMs: 30_000,
    failure: 'CRLs could not be published, and will be tried again',
    run: (authority) => authority.publishDueCrls(caller),
  },
  {
    // Expired tokens are refused whether they are still kept or not.
    intervalMs: 600_000,
    failure: 'Expired tokens and grants could not be deleted, and will be tried again',
    run: (authority) => authority.collectGarbage({}, caller),
  },
]

/** Until told to stop, which waits for what is running. */
export function startChores(authority: Authority): RunningChores {
  const running = chores.map((chore) => startChore(chore, authority))
  return {
    async stop() {
      await Promise.all(running.map(({ stop }) => stop()))
    },
  }
}

function startChore({ intervalMs, failure, run }: Chore, authority: Authority): RunningChores {
  let turn: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    turn = turn.then(() => run(authority)).catch((error: unknown) => warn(`${failure}: ${String(error)}`))
  }, intervalMs)
  return {
    async stop() {
      clearInterval(timer)
      await turn
    },
  }
}
