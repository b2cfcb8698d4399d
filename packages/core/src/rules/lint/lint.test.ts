import { describe, expect, it } from 'vitest'
import { PkiError } from '../../errors/pki-error.js'
import { authorityKeyIdentifier } from '../../x509/extensions/authority-key-identifier.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { createName, emptyName } from '../../x509/name.js'
import { allRules } from './all-rules.js'
import { refusalOf } from './refusal.js'
import { hasLintError } from './lint.js'
import { faultsOfExtensions } from './test-faults-of-extensions.js'
import { faultsOfFields } from './test-faults-of-fields.js'
import { faultsOfNames } from './test-faults-of-names.js'
import { faultsOfUsages } from './test-faults-of-usages.js'
import { nearMisses } from './test-near-misses.js'
import {
  plain,
  caExtensions,
  ca,
  leafExtensions,
  leaf,
  withExtensions,
  lintLeaf,
  lintCa,
} from './test-tbs.js'

const faults = [...faultsOfFields, ...faultsOfExtensions, ...faultsOfUsages, ...faultsOfNames]

describe('lintTbs', () => {
  it('finds nothing in a conforming end entity and a conforming root', () => {
    expect(lintLeaf(leaf)).toEqual([])
    expect(lintCa(ca)).toEqual([])
    expect(
      lintLeaf({
        ...ca,
        subject: createName({ commonName: 'Sub CA' }),
        extensions: [
          ...caExtensions,
          ...leafExtensions.filter(({ oid }) => oid === authorityKeyIdentifier.oid),
        ],
      }),
    ).toEqual([])
  })

  it.each(faults)('%s: %s', (rule, _, find) => {
    expect(find().map((finding) => finding.rule)).toContain(rule)
  })

  it.each(nearMisses)('%s has nothing against %s', (rule, _, find) => {
    expect(find().map((finding) => finding.rule)).not.toContain(rule)
  })

  it('cites clause and level with each finding, and only errors stop the issuance', () => {
    const [finding, ...others] = lintLeaf(withExtensions(leaf, plain(keyUsage, ['digitalSignature'])))
    expect(finding).toEqual({
      rule: 'key-usage-critical',
      level: 'warning',
      clause: 'RFC 5280 §4.2.1.3',
      message: 'keyUsage is not critical',
    })
    expect(others).toEqual([])
    expect(hasLintError([finding as NonNullable<typeof finding>])).toBe(false)
    expect(hasLintError([])).toBe(false)
    const both = lintLeaf({
      ...withExtensions(leaf, plain(keyUsage, ['digitalSignature'])),
      issuer: emptyName,
    })
    expect(both.map(({ level }) => level)).toEqual(['error', 'error', 'warning'])
    expect(hasLintError(both)).toBe(true)
  })

  it('has a fault for every rule', () => {
    expect(new Set(faults.map(([rule]) => rule))).toEqual(
      new Set(['well-formed', ...allRules.map(({ name }) => name)]),
    )
  })

  it('has every rule once, under a name that is a file name', () => {
    const names = allRules.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.every((name) => /^[a-z]+(-[a-z]+)*$/.test(name))).toBe(true)
  })
})

function refuse(): never {
  throw new PkiError('unknown_profile', 'Cannot find profile: none', { profile: '', known: [] })
}

it('a refusal is a finding; a fault of a rule is none and is not hidden', () => {
  expect(refusalOf(refuse)).toBe('Cannot find profile: none')
  expect(() =>
    refusalOf(() => {
      throw new TypeError('a fault')
    }),
  ).toThrow('a fault')
})
