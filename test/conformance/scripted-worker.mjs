import { existsSync, writeFileSync } from 'node:fs'

// A worker for the tests of the runner: what comes of a case stands in its parameters.
process.on('message', (/** @type {{ params: Record<string, string> }} */ { params }) => {
  const { outcome, act, mark } = params
  if (act === 'loop-once' && mark !== undefined && !existsSync(mark)) {
    writeFileSync(mark, '')
    for (;;);
  }
  if (act === 'loop') for (;;);
  if (act === 'die') process.kill(process.pid, 'SIGKILL')
  process.send?.({ outcome, cpuMicros: 1000 })
})
process.send?.('ready')
