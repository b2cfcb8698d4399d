import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const main = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))

/** An OCSP response that says "unauthorized" (RFC 6960 §4.2.1): the smallest thing that inspect shows. */
const unauthorized = Uint8Array.of(0x30, 3, 0x0a, 1, 6)

function inspect(args: readonly string[], input: Uint8Array) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'inspect', ...args], {
    input,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe('certwright inspect', () => {
  it('reads standard input', () => {
    expect(inspect(['-'], unauthorized)).toEqual({
      status: 0,
      stdout: 'standard input: OCSP response\n  status  unauthorized\n\n',
      stderr: '',
    })
  })

  it('shows what it can read, tells of the rest on stderr, and ends with 1', () => {
    expect(inspect(['no\u001b[2Jfile', '-'], unauthorized)).toEqual({
      status: 1,
      stdout: 'standard input: OCSP response\n  status  unauthorized\n\n',
      stderr: 'certwright: no\\u{1b}[2Jfile: Cannot read file: there is no such file\n',
    })
  })

  it('prints one JSON document with --json, failures included', () => {
    const { status, stdout, stderr } = inspect(['--json', '-', '.'], unauthorized)
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      items: [
        { source: { file: '-' }, kind: 'ocspResponse', fields: { status: 'unauthorized' } },
        { source: { file: '.' }, error: { message: 'Cannot read file: it is a folder' } },
      ],
    })
  })
})
