import { verifyCertificate } from '@certwright/core/path'
import { describe, expect, it } from 'vitest'
import type { ValidationCase } from './bad-case.js'
import { bad, catalogue } from './catalogue.js'

async function faultOf(asked: ValidationCase): Promise<string> {
  const verdict = await verifyCertificate(asked)
  return verdict.ok ? 'valid' : (verdict.faults[0]?.fault ?? '')
}

describe('the catalogue', () => {
  it('has a hundred ways to be wrong and more, each with a name of its own', () => {
    expect(catalogue.length).toBeGreaterThanOrEqual(100)
    expect(catalogue.length).toBe(Object.keys(bad).length)
    expect(new Set(catalogue.map(({ title }) => title)).size).toBe(catalogue.length)
  })

  it.each(catalogue)('$name: $title', async ({ make, makeTwin, fault }) => {
    expect(await faultOf(makeTwin())).toBe('valid')
    expect(await faultOf(make())).toBe(fault)
  })

  it('makes the same bytes each time', () => {
    for (const { make } of catalogue) {
      const [one, other] = [make(), make()]
      expect({ ...one, isPublicSuffix: undefined }).toEqual({ ...other, isPublicSuffix: undefined })
    }
  })
})
