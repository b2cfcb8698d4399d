import { verifyCertificate } from '@certwright/core/path'
import { expect, it } from 'vitest'
import { brokenLaws } from './main.js'
import { naiveValidator } from './naive-validator.js'

it('shows a naive validator wrong, law by law', async () => {
  const broken = await brokenLaws(naiveValidator)
  expect(broken).toEqual(
    expect.arrayContaining([
      'finds the path beside a cross-certificate that ends nowhere',
      'refuses a CA with one CA more below it than its path length allows (RFC 5280 §6.1.4 (l), (m))',
      'refuses an issuer that is no CA (RFC 5280 §6.1.4 (k))',
      'refuses a CA with a critical extension that nobody knows (RFC 5280 §4.2)',
      'refuses an end entity that is for clients (RFC 5280 §4.2.1.12)',
      'refuses a name outside the permitted subtree (RFC 5280 §6.1.3 (b))',
    ]),
  )
  // It is not wrong in everything.
  expect(broken).not.toContain('refuses an end entity that expired a second ago (RFC 5280 §6.1.3 (a)(2))')
}, 120_000)

it('has nothing to say against one that keeps them', async () => {
  const verdicts = await brokenLaws(async (question) => (await verifyCertificate(question)).ok)
  expect(verdicts).toEqual([])
}, 120_000)
