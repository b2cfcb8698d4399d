import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { findDisagreements, type JudgeReport } from './find-disagreements.js'
import { certwright } from './judges/certwright.js'
import type { Judge } from './judges/judge.js'
import { nodeForge } from './judges/node-forge.js'
import { nodeTls } from './judges/node-tls.js'
import { createOpensslJudge } from './judges/openssl.js'
import { peculiar } from './judges/peculiar.js'
import { pkijs } from './judges/pkijs.js'
import { toMarkdown, writeReport } from './report.js'

/*
 * A short run of the differential harness. That others are wrong is expected as it is known; where a version is right, a
 * row fails and goes.
 */

const search = (judge: Judge, themes: readonly string[], runsPerTheme = 4): Promise<JudgeReport> =>
  findDisagreements(judge, { runsPerTheme, seed: 1, themes })

/** Kinds of chains that each library is wrong about. */
const known: readonly { judge: Judge; wrongAbout: readonly string[] }[] = [
  {
    judge: pkijs,
    wrongAbout: [
      'pathLengthExceeded',
      'unknownCriticalExtensionCa',
      'unknownCriticalExtensionEndEntity',
      'purposeNotNested',
      'trailingOctetsEndEntity',
      'beside expiredCa',
      'beside deadEnd',
      'beside nameNotPermitted',
    ],
  },
  {
    judge: peculiar,
    wrongAbout: [
      'pathLengthExceeded',
      'notCa',
      'unknownCriticalExtensionEndEntity',
      'purposeNotNested',
      'nameNotPermitted',
      'trailingOctetsEndEntity',
      'beside deadEnd',
    ],
  },
  {
    judge: nodeForge,
    wrongAbout: ['purposeNotNested', 'beside expiredCa', 'beside deadEnd'],
  },
]

describe('the differential harness', () => {
  it.each(known)(
    'finds what $judge.name $judge.version is wrong about',
    async ({ judge, wrongAbout }) => {
      const { disagreements } = await search(judge, wrongAbout, 12)
      expect(disagreements.map(({ cause }) => cause).sort()).toEqual([...wrongAbout].sort())
    },
    120_000,
  )

  it('finds nothing that ours is wrong about', async () => {
    const { judged, disagreements } = await findDisagreements(certwright, { runsPerTheme: 1, seed: 2 })
    expect(judged).toBeGreaterThan(100)
    expect(disagreements).toEqual([])
  }, 120_000)

  it('finds that OpenSSL looks at the first octets only, and leaves a path that ends nowhere for no other', async () => {
    const openssl = await createOpensslJudge()
    const { disagreements } = await search(openssl, ['trailingOctetsEndEntity', 'expiredCa', 'notCa'])
    expect(disagreements.map(({ cause }) => cause)).toEqual(['trailingOctetsEndEntity'])
  }, 120_000)

  it('makes a real handshake', async () => {
    const { judged, disagreements } = await search(nodeTls, ['hostDiffers', 'pathLengthExceeded', 'notCa'])
    expect(judged).toBe(12)
    expect(disagreements).toEqual([])
  }, 120_000)
})

describe('the report', () => {
  let report: JudgeReport
  beforeAll(async () => {
    report = await search(pkijs, ['pathLengthExceeded'])
  })

  it('shows the smallest chain, with the clause', async () => {
    const [found] = report.disagreements
    expect(found?.chain.model.intermediates).toHaveLength(2)
    const text = toMarkdown({ runs: 1, seed: 1 }, [report])
    expect(text).toContain('### Accepts a CA with one CA more below it than its path length allows')
    expect(text).toContain('RFC 5280 §6.1.4 (l), (m). Found after')
    expect(text.match(/BEGIN CERTIFICATE/g)).toHaveLength(4)
  })

  it('is the same for the same seed', async () => {
    const again = await search(pkijs, ['pathLengthExceeded'])
    expect(toMarkdown({ runs: 1, seed: 1 }, [again])).toBe(toMarkdown({ runs: 1, seed: 1 }, [report]))
  })

  it('is written as Markdown and as JSON', () => {
    const folder = mkdtempSync(join(tmpdir(), 'certwright-report-'))
    try {
      writeReport(join(folder, 'new'), { runs: 1, seed: 1 }, [report])
      const json: unknown = JSON.parse(readFileSync(join(folder, 'new', 'report.json'), 'utf8'))
      expect(json).toMatchObject({ seed: 1, judges: [{ judge: 'PKI.js', version: '4.0.0' }] })
      expect(readFileSync(join(folder, 'new', 'report.md'), 'utf8')).toContain('# Disagreements')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
