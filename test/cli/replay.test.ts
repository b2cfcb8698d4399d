import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { operator } from '@certwright/core'
import { recordTrace, seededAuthority, type Trace } from '@certwright/testing'
import { expect, it } from 'vitest'
import { newFolder, start } from './running-command.js'

async function shortTrace(): Promise<Trace> {
  const { authority, trace } = recordTrace(seededAuthority({ seed: 'command' }))
  await authority.createRoot({ name: 'Root' }, { principal: operator('tests') })
  return trace()
}

async function replayed(text: string, ...flags: readonly string[]) {
  const cwd = newFolder()
  writeFileSync(join(cwd, 'trace.json'), text)
  const { code, stdout, stderr } = await start(['replay', 'trace.json', ...flags], { cwd }).ended
  return { code, stdout, stderr }
}

it('the command lives through a trace, also behind what a test has printed', async () => {
  const text = JSON.stringify(await shortTrace())
  const good = { code: 0, stdout: '1 calls: every answer is the same, byte for byte\n', stderr: '' }
  expect(await replayed(text)).toEqual(good)
  expect(await replayed(`AssertionError: {}\n\nThe trace, for replay:\n${text}\n at line 1\n`)).toEqual(good)
})

it('shows the first answer that differs, and what is no trace', async () => {
  const trace = await shortTrace()
  const { code, stdout } = await replayed(JSON.stringify({ ...trace, seed: 'another' }))
  expect([code, stdout]).toEqual([
    1,
    expect.stringMatching(/^call 1 of the trace, createRoot at .*\n {2}then: /),
  ])
  const json = await replayed(JSON.stringify({ ...trace, seed: 'another' }), '--json')
  expect(JSON.parse(json.stdout)).toMatchObject({ calls: 1, difference: { index: 0 } })
  const none = await replayed('{}')
  expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(/trace\.json: .*format/)])
})
