// A worker for the tests of the runner: what comes of a case stands in its parameters.
process.on('message', (/** @type {{ params: Record<string, string> }} */ { params }) => {
  const { outcome, act } = params
  if (act === 'loop') for (;;);
  if (act === 'die') process.kill(process.pid, 'SIGKILL')
  process.send?.({ outcome, cpuMicros: 1000 })
})
process.send?.('ready')
