/** Told now and then how far something is that takes minutes. */
export type Progress = (phase: string, done: number, total?: number) => void

/** Seldom enough for a log, often enough for a person who waits. */
const intervalMs = 5000

/** A line now and then on what is being read; nothing at all where it goes fast. */
export function progressTo(out: NodeJS.WritableStream): Progress {
  let next = Date.now() + intervalMs
  return (phase, done, total) => {
    const now = Date.now()
    if (now < next) return
    next = now + intervalMs
    out.write(`certwright: ${done}${total === undefined ? '' : ` of ${total}`} ${phase}\n`)
  }
}
