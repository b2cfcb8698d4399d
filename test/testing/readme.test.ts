import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const file = fileURLToPath(new URL('readme-example.mjs', import.meta.url))
const readme = readFileSync(new URL('../../packages/testing/README.md', import.meta.url), 'utf8')

it('shows an example that stands in the README as it runs', () => {
  const [, shown] = /^```js\n(.*?)^```$/ms.exec(readme) ?? []
  expect(shown).toBe(readFileSync(file, 'utf8'))
})

it('runs it with node:test and what is built', () => {
  const { status, stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', file], {
    encoding: 'utf8',
  })
  expect(stdout).toContain('leaves no trace of any write when its work rejects')
  expect(stdout).toContain('it lives in one process')
  expect({ status, failures: /^# fail (\d+)$/m.exec(stdout)?.[1] }).toEqual({ status: 0, failures: '0' })
}, 60_000)
