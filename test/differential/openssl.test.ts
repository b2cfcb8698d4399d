import { expect, it } from 'vitest'
import { findDisagreements } from './find-disagreements.js'
import { createOpensslJudge } from './judges/openssl.js'
import { opensslDifferences } from './openssl-differences.js'

/*
 * The verdicts of the generated chains before a foreign judge: OpenSSL agrees with each, or the reason is written down.
 */

it('OpenSSL gives the verdict that a chain was made for, where there is no reason why not', async () => {
  const openssl = await createOpensslJudge()
  const valid = await findDisagreements(openssl, { runsPerTheme: 100, seed: 3, themes: ['valid'] })
  const { judged, disagreements } = await findDisagreements(openssl, { runsPerTheme: 4, seed: 3 })
  expect(judged).toBeGreaterThan(200)
  const causes = [...valid.disagreements, ...disagreements].map(({ cause }) => cause)
  expect([...new Set(causes)].sort()).toEqual([...opensslDifferences.keys()].sort())
}, 300_000)
