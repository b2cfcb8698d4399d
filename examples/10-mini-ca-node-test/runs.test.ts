import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('runs with node:test and what is built', () => {
  const file = fileURLToPath(new URL('handshake.example.mjs', import.meta.url))
  const { status, stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', file], {
    encoding: 'utf8',
  })
  expect({ status, passed: /^# pass (\d+)$/m.exec(stdout)?.[1], stdout }).toMatchObject({
    status: 0,
    passed: '2',
  })
}, 60_000)
