import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { parseCertificate, PkiError } from '@certwright/core'
import { afterAll, describe, expect, it } from 'vitest'
import { isAsExpected, runConformance } from './conformance.js'
import type { Exceptions } from './exceptions.js'
import type { Judge, Outcome } from './judge.js'
import { judgeCase } from './judge-case.js'
import { type Case, readPack } from './pack.js'
import { jsonReport, textReport } from './report.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const vectors = join(root, '../shared/vectors')

interface JsonReport {
  readonly packs: readonly {
    readonly name: string
    readonly cases: number
    readonly agree: number
    readonly falseAccepts: number
    readonly falseRejects: number
    readonly hangs: number
    readonly skipped: readonly { readonly reason: string; readonly cases: number }[]
    readonly divergences: readonly { readonly id: string; readonly expected: string; readonly got: string }[]
  }[]
}

/** The command, as from a terminal. */
function conformance(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['scripts/conformance.mjs', ...args], { cwd: root, encoding: 'utf8' })
}

const folder = mkdtempSync(join(tmpdir(), 'certwright-packs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const format = 'pki-conformance-pack/1'

function writeFiles(name: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  mkdirSync(join(folder, name))
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, name, file), content)
}

const writeLines = (name: string, lines: readonly string[]): void =>
  writeFiles(name, {
    'manifest.json': JSON.stringify({ format, name }),
    'cases.ndjson.gz': gzipSync(lines.map((line) => `${line}\n`).join('')),
  })

const writePack = (name: string, cases: readonly Case[]): void =>
  writeLines(
    name,
    cases.map((subject) => JSON.stringify(subject)),
  )

const testCase = (id: string, expected: string, rest: Partial<Case> = {}): Case => ({
  id,
  kind: 'parse',
  inputs: {},
  time: null,
  params: {},
  expected: { result: expected },
  ...rest,
})

const answers = (result: string): Outcome => ({ type: 'answer', result })
const scripted = (id: string, expected: string, outcome: Outcome): Case =>
  testCase(id, expected, { params: { outcome } })

const scriptedJudge: Judge = {
  accepts: 'ok',
  rejects: 'error',
  limit: 500,
  params: ['outcome', 'act'],
  answer: () => true,
}

const run = (names: readonly string[], exceptions: Exceptions = {}, packs = folder) =>
  runConformance({
    folder: packs,
    names,
    exceptions,
    judges: new Map([['parse', scriptedJudge]]),
    worker: fileURLToPath(new URL('scripted-worker.mjs', import.meta.url)),
  })

writePack('scripted', [
  scripted('agrees', 'ok', answers('ok')),
  scripted('refused-with-reason', 'error', answers('error: invalid_der')),
  scripted('false-accept', 'error', answers('ok')),
  scripted('false-reject', 'ok', answers('error: invalid_der')),
  scripted('untyped', 'error', { type: 'crash', error: 'untyped error: TypeError: x is undefined' }),
  scripted('misread', 'ok', answers('ok, misread: serial')),
  scripted('disputed', 'disputed', answers('error: invalid_der')),
  testCase('hangs', 'error', { params: { act: 'loop' } }),
  testCase('dies', 'error', { params: { act: 'die' } }),
  scripted('after-the-worst', 'ok', answers('ok')),
  testCase('of-another-kind', 'valid', { kind: 'path' }),
  testCase('says-nothing', ''),
])

const divergent: Readonly<Record<string, { expected: string; got: string; reason: string }>> = {
  'false-accept': { expected: 'error', got: 'ok', reason: 'on purpose' },
  'false-*': { expected: 'ok', got: 'error: invalid_der', reason: 'on purpose' },
  untyped: { expected: 'error', got: 'untyped error: TypeError: x is undefined', reason: 'on purpose' },
  misread: { expected: 'ok', got: 'ok, misread: serial', reason: 'on purpose' },
  hangs: { expected: 'error', got: 'hang', reason: 'on purpose' },
  dies: { expected: 'error', got: 'untyped error: the process ended with SIGKILL', reason: 'on purpose' },
}

describe('the runner', () => {
  it('counts a hang, a crash and a misreading as what they are, and goes on behind them', async () => {
    const [report] = await run(['scripted'])
    expect(report).toMatchObject({
      name: 'scripted',
      cases: 12,
      agree: 4,
      falseAccepts: 1,
      falseRejects: 1,
      hangs: 1,
      skipped: [
        { reason: 'kind path is not yet supported', cases: 1 },
        { reason: 'the case does not say what is expected', cases: 1 },
      ],
      withoutVerdict: { accepted: 0, rejected: 1 },
    })
    expect(report?.divergences.map(({ id }) => id)).toEqual([
      'false-accept',
      'false-reject',
      'untyped',
      'misread',
      'hangs',
      'dies',
    ])
    // Of ok: 2 of 4 accepted. Of error: 1 of 5 rejected, for neither a hang nor a crash is a refusal.
    expect(report?.balancedAccuracy).toBeCloseTo((2 / 4 + 1 / 5) / 2)
  })

  it('fails for a divergence that is not listed, and passes where all are', async () => {
    const unlisted = await run(['scripted'])
    expect(isAsExpected(unlisted)).toBe(false)
    expect(textReport(unlisted)).toContain('scripted: unlisted: false-accept: expected error, got ok')
    expect(isAsExpected(await run(['scripted'], { scripted: divergent }))).toBe(true)
  })

  it('fails for a divergence that is listed in another pack or with another answer', async () => {
    expect(isAsExpected(await run(['scripted'], { another: divergent }))).toBe(false)
    const otherAnswer = { ...divergent, hangs: { expected: 'error', got: 'ok', reason: 'on purpose' } }
    const [report] = await run(['scripted'], { scripted: otherAnswer })
    expect(report?.surprises.unlisted.map(({ id }) => id)).toEqual(['hangs'])
  })

  it('reports a parameter that the judge does not know', async () => {
    writePack('asks-more', [
      testCase('x', 'ok', { params: { outcome: answers('ok'), phaseOfTheMoon: 'new' } }),
    ])
    const reports = await run(['asks-more'])
    expect(reports).toMatchObject([{ agree: 1, unknownParams: [{ name: 'phaseOfTheMoon', cases: 1 }] }])
    expect(textReport(reports)).toContain('the parameter phaseOfTheMoon of 1 is not known')
  })

  it('fails for an unexpected success', async () => {
    const success = { expected: 'ok', got: 'error: invalid_der', reason: 'no longer' }
    const reports = await run(['scripted'], { scripted: { ...divergent, agrees: success } })
    expect(isAsExpected(reports)).toBe(false)
    expect(textReport(reports)).toContain('scripted: unexpected success: agrees')
  })

  it('takes no exception without a reason', async () => {
    const exceptions = { scripted: { hangs: { expected: 'error', got: 'hang', reason: ' ' } } }
    await expect(run(['scripted'], exceptions)).rejects.toThrow(/hangs has no reason/)
  })

  it('reports packs as skipped where their folder is absent, and that is no fault', async () => {
    const absent = join(folder, 'absent')
    const reports = await run([], { 'some-pack': {} }, absent)
    expect(reports).toMatchObject([
      { name: 'some-pack', cases: 0, skipped: [{ reason: 'vectors not present' }] },
    ])
    expect(isAsExpected(reports)).toBe(true)
  })

  it('fails for a pack that is not in the folder, or cannot be read, and runs the others', async () => {
    writeFiles('no-gzip', {
      'manifest.json': JSON.stringify({ format }),
      'cases.ndjson.gz': 'no gzip at all',
    })
    writeFiles('other-format', { 'manifest.json': JSON.stringify({ format: 'other/2' }) })
    writeFiles('no-cases', { 'manifest.json': JSON.stringify({ format }) })
    writeLines('no-json', ['{'])
    writeLines('no-kind', [JSON.stringify({ ...testCase('x', 'ok'), kind: undefined })])
    writePack('sound', [scripted('agrees', 'ok', answers('ok'))])
    const names = ['typo', 'no-gzip', 'other-format', 'no-cases', 'no-json', 'no-kind', 'sound']
    const reports = await run(names)
    expect(reports.map(({ name, agree, fault }) => [name, agree, fault])).toEqual([
      ['typo', 0, 'no such pack'],
      ['no-gzip', 0, 'cannot be read: incorrect header check'],
      ['other-format', 0, `cannot be read: it is not in the format ${format}`],
      ['no-cases', 0, expect.stringMatching(/^cannot be read: ENOENT/)],
      ['no-json', 0, 'cannot be read: line 1 is no JSON object'],
      ['no-kind', 0, 'cannot be read: the case of line 1 has no id or no kind'],
      ['sound', 1, undefined],
    ])
    expect(isAsExpected(reports)).toBe(false)
    expect(isAsExpected(reports.slice(-1))).toBe(true)
    expect(textReport(reports)).toContain('typo: not run: no such pack')
  })

  it('reads the cases from the file that the manifest names, and fills in what a case leaves out', async () => {
    const bare = { id: 'bare', kind: 'other', expected: { result: 'ok' } }
    writeFiles('renamed', {
      'manifest.json': JSON.stringify({ format, file: 'other.ndjson.gz' }),
      'other.ndjson.gz': gzipSync(JSON.stringify(bare)),
    })
    expect(readPack(folder, 'renamed').cases).toEqual([{ ...bare, inputs: {}, params: {}, time: null }])
    expect(await run(['renamed'])).toMatchObject([{ cases: 1, fault: undefined }])
  })

  it('asks a case once more that was over its limit: a machine may stall for a moment', async () => {
    const mark = join(folder, 'stalled-once')
    writePack('stalling', [
      testCase('stalls', 'ok', { params: { act: 'loop-once', mark, outcome: answers('ok') } }),
    ])
    expect(await run(['stalling'])).toMatchObject([{ agree: 1, hangs: 0 }])
  })

  it('prints one JSON object of the fields that are documented', async () => {
    const { packs } = JSON.parse(jsonReport(await run(['scripted']))) as JsonReport
    expect(Object.keys(packs[0] ?? {})).toEqual([
      'name',
      'cases',
      'agree',
      'falseAccepts',
      'falseRejects',
      'hangs',
      'skipped',
      'unknownParams',
      'cpuSeconds',
      'divergences',
    ])
    expect(packs[0]?.divergences[0]).toEqual({ id: 'false-accept', expected: 'error', got: 'ok' })
  })
})

const judged = (answer: Judge['answer']) => judgeCase({ ...scriptedJudge, answer }, testCase('x', 'ok'))

describe('a judge', () => {
  it('refuses by false or by a PkiError, whose code is told', async () => {
    expect(await judged(() => false)).toEqual(answers('error'))
    const refusal = new PkiError('invalid_der', 'Cannot read DER', { offset: 0 })
    expect(await judged(() => Promise.reject(refusal))).toEqual({
      type: 'answer',
      result: 'error: invalid_der',
      detail: 'Cannot read DER',
    })
  })

  it('does not refuse by any other error', async () => {
    const outcome = await judged(() => {
      throw new TypeError('x is undefined')
    })
    expect(outcome).toEqual({ type: 'crash', error: 'untyped error: TypeError: x is undefined' })
  })
})

describe('npm run conformance', () => {
  it('judges a pack that it has not seen', () => {
    const garbage = { inputs: { der: 'AAAA' }, params: { type: 'certificate' } }
    writePack('unseen', [
      testCase('refused', 'error', garbage),
      testCase('not-accepted', 'ok', garbage),
      testCase('other-type', 'ok', { ...garbage, params: { type: 'attributeCertificate' } }),
    ])
    expect(() => parseCertificate(new Uint8Array(3))).toThrow(
      expect.objectContaining({ code: 'invalid_der' }),
    )
    const { status, stdout } = conformance('--packs', folder, 'unseen', '--json')
    expect(status).toBe(1)
    expect((JSON.parse(stdout) as JsonReport).packs).toMatchObject([
      {
        name: 'unseen',
        cases: 3,
        agree: 1,
        falseAccepts: 0,
        falseRejects: 1,
        hangs: 0,
        skipped: [{ reason: 'type attributeCertificate is not yet supported', cases: 1 }],
        divergences: [{ id: 'not-accepted', expected: 'ok', got: 'error: invalid_der' }],
      },
    ])
  })

  it('tells of an option that it does not know', () => {
    const { status, stdout, stderr } = conformance('--pack', folder)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain('Usage: npm run conformance')
  })

  it.skipIf(!existsSync(vectors))(
    `differs from the packs only where exceptions.json says why${existsSync(vectors) ? '' : ' (skipped: vectors not present)'}`,
    { timeout: 120_000 },
    () => {
      const { status, stdout, stderr } = conformance()
      expect(
        stdout
          .split('\n')
          .filter((line) => /unlisted|unexpected success/.test(line))
          .join('\n'),
      ).toBe('')
      expect(stderr).toBe('')
      expect(status).toBe(0)
    },
  )
})
