import { describe, expect, it } from 'vitest'
import { readArguments } from './arguments.js'
import { CommandError } from './command-error.js'

const read = (...args: string[]) => readArguments('serve', args, { port: 'string', json: 'boolean' })

describe('readArguments', () => {
  it('takes flags in any place, and what stands behind "--" as it is', () => {
    const { flags, positionals } = read('a', '--port=0', '-', '--json', '-h', '--', '--port')
    expect([...flags]).toEqual([
      ['port', '0'],
      ['json', ''],
      ['help', ''],
    ])
    expect(positionals).toEqual(['a', '-', '--port'])
  })

  it.each([
    [['--prot', '1'], 'cannot serve: "--prot" is no flag of it; see "certwright serve --help"'],
    [['--constructor'], 'cannot serve: "--constructor" is no flag of it; see "certwright serve --help"'],
    [['-x'], 'cannot serve: "-x" is no flag of it; see "certwright serve --help"'],
    [['--port'], 'cannot serve: --port needs a value; see "certwright serve --help"'],
    [['--port='], 'cannot serve: --port needs a value; see "certwright serve --help"'],
    [['--port', '--json'], 'cannot serve: --port needs a value; see "certwright serve --help"'],
    [['--json=yes'], 'cannot serve: --json takes no value; see "certwright serve --help"'],
    [['--json', '--json'], 'cannot serve: --json is given twice; see "certwright serve --help"'],
  ])('refuses %j with one sentence', (args, message) => {
    expect(() => read(...args)).toThrow(new CommandError('usage', message))
  })
})
