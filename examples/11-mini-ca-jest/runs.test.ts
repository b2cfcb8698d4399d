import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('runs with Jest and what is built', () => {
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest')
  const args = ['--experimental-vm-modules', '--no-warnings', jest, '--runInBand', '--json']
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'test' },
  })
  expect({ ...JSON.parse(stdout), stderr }).toMatchObject({ success: true, numPassedTests: 2 })
}, 60_000)
