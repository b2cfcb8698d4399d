import { describe, expect, it } from 'vitest'
import { hasCode, isPkiError, PkiError } from './pki-error.js'

const error = new PkiError(
  'ca_not_found',
  'Cannot find CA: there is none',
  { caId: 'x' },
  { cause: 'the store' },
)

describe('PkiError', () => {
  it('is an Error with a code, a context and a cause', () => {
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'PkiError',
      code: 'ca_not_found',
      context: { caId: 'x' },
      cause: 'the store',
    })
  })

  it('is known by its brand, so that one from another copy of the library counts', () => {
    const fromAnotherCopy = { code: 'ca_not_found', [Symbol.for('certwright.PkiError')]: true }
    expect(isPkiError(fromAnotherCopy)).toBe(true)
    expect(hasCode(fromAnotherCopy, 'ca_not_found')).toBe(true)
    expect(hasCode(fromAnotherCopy, 'ca_revoked')).toBe(false)
  })

  it.each([
    [new Error('ca_not_found')],
    [{ code: 'ca_not_found', context: {} }],
    [null],
    [undefined],
    ['ca_not_found'],
  ])('is not %s', (value) => {
    expect(isPkiError(value)).toBe(false)
  })
})
