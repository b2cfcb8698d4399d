import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { lintTbs } from '../../packages/core/src/rules/lint/lint.js'
import { isPkiError } from '../../packages/core/src/errors/pki-error.js'
import { parseCertificate } from '../../packages/core/src/x509/certificate.js'

/*
 * zlint's certificates, each with an error of its `rfc` group: our own lint must stop every one, or docs/lints.md says why
 * nothing of the kind can come from us.
 */

interface LintCase {
  readonly id: string
  readonly inputs: { readonly der: string }
  readonly params: { readonly type: string }
  readonly expected: {
    readonly lints?: readonly { readonly lint: string; readonly status: string; readonly group: string }[]
  }
}

const pack = fileURLToPath(new URL('../../../shared/vectors/zlint-dev/cases.ndjson.gz', import.meta.url))
const documented = readFileSync(fileURLToPath(new URL('../../docs/lints.md', import.meta.url)), 'utf8')

/** These compare a certificate with its issuer, whom the pack does not have. */
const rulesOnIssuer = new Set([
  'issuer-matches',
  'issuer-not-empty',
  'authority-key-identifier-matches',
  'validity-inside-issuer',
  'signature-algorithm',
])

describe.skipIf(!existsSync(pack))('zlint (skipped: vectors not present)', () => {
  const cases = existsSync(pack) ? readCases() : []

  it('has every rfc error of the pack in docs/lints.md', () => {
    const names = new Set(cases.flatMap(({ errors }) => errors))
    expect([...names].filter((name) => !documented.includes(`\`${name}\``))).toEqual([])
  })

  it('stops every certificate with such an error, but for those that are documented as impossible', () => {
    expect(cases.length).toBeGreaterThan(0)
    const missed = cases.filter(({ errors, der }) => !errors.every(isImpossible) && !isStopped(der))
    expect(missed.map(({ id, errors }) => `${id}: ${errors.join(', ')}`)).toEqual([])
  })
})

function readCases(): { id: string; der: Uint8Array; errors: string[] }[] {
  const lines = gunzipSync(readFileSync(pack)).toString('utf8').trim().split('\n')
  return lines
    .map((line) => JSON.parse(line) as LintCase)
    .filter(({ params }) => params.type === 'certificate')
    .map(({ id, inputs, expected }) => ({
      id,
      der: new Uint8Array(Buffer.from(inputs.der, 'base64')),
      errors: (expected.lints ?? [])
        .filter(({ group, status }) => group === 'rfc' && status === 'error')
        .map(({ lint }) => lint),
    }))
    .filter(({ errors }) => errors.length > 0)
}

const isImpossible = (lint: string): boolean => documented.includes(`| \`${lint}\` | impossible: `)

function isStopped(der: Uint8Array): boolean {
  try {
    const certificate = parseCertificate(der)
    const findings = lintTbs({ tbsDer: certificate.tbsDer, issuer: certificate })
    return findings.some(({ level, rule }) => level === 'error' && !rulesOnIssuer.has(rule))
  } catch (error) {
    if (isPkiError(error)) return true
    throw error
  }
}
