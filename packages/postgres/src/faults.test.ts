import { describe, expect, it } from 'vitest'
import { storageFault } from './faults.js'

const thrown = (fields: object, cause?: unknown): Error =>
  Object.assign(new Error('no', cause === undefined ? {} : { cause }), fields)

describe('an error of a driver', () => {
  it.each([
    ['pg', thrown({ code: '23505', constraint: 'serial_number' })],
    ['postgres.js', thrown({ code: '23505', constraint_name: 'serial_number' })],
    ['Drizzle, over pg', thrown({ query: 'INSERT' }, thrown({ code: '23505', constraint: 'serial_number' }))],
  ])('that says "unique" in the words of %s is a conflict by its name', (_, error) => {
    expect(storageFault(error)).toMatchObject({
      code: 'storage_conflict',
      context: { constraint: 'serial_number' },
      cause: error,
    })
  })

  it.each([
    ['40001', 'serialization'],
    ['40P01', 'serialization'],
  ])('with the code %s is a conflict that is tried again', (code, constraint) => {
    expect(storageFault(thrown({ code }))).toMatchObject({
      code: 'storage_conflict',
      context: { constraint },
    })
  })

  it.each([
    ['ECONNREFUSED', /nobody answers; check host and port/, true],
    ['ENOTFOUND', /no host of that name; check the URL/, false],
    ['28P01', /user or password is refused/, false],
    ['53100', /disk is full; make room/, true],
    ['57014', /longer than one of its timeouts/, true],
    ['57P01', /shutting down or starting/, true],
    ['XX000', /Postgres failed \(XX000\)$/, false],
  ])('with the code %s is told in a sentence', (code, sentence, retryable) => {
    expect(storageFault(thrown({ code }))).toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringMatching(sentence),
      context: { retryable },
    })
  })

  it('of several addresses is that of the first', () => {
    const each = [thrown({ code: 'ECONNREFUSED' }), thrown({ code: 'ENETUNREACH' })]
    expect(storageFault(new AggregateError(each, ''))).toMatchObject({ context: { retryable: true } })
  })

  it('that is none of the database stays what it is', () => {
    for (const error of [new TypeError('mine'), thrown({ code: 'mine' }), 'mine'])
      expect(storageFault(error)).toBe(error)
  })
})
