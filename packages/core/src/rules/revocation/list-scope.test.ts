import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSerialNumber } from '../../x509/serial-number.js'
import {
  entriesOf,
  formatListScope,
  isPartitionCount,
  type ListScope,
  maximumPartitions,
  parseListScope,
  partitionOf,
} from './list-scope.js'

const count = fc.integer({ min: 1, max: 8 }).map((exponent) => 2 ** exponent)
const partition = count.chain((of) =>
  fc.integer({ min: 0, max: of - 1 }).map((index): ListScope => ({ kind: 'partition', index, count: of })),
)
const scope = fc.oneof(fc.constantFrom<ListScope>({ kind: 'complete' }, { kind: 'delta' }), partition)
const serialNumber = fc.integer({ min: 0, max: 0xff }).map((last) => {
  return parseSerialNumber(`4f0000000000${last.toString(16).padStart(2, '0')}`)
})

describe('the name of a list', () => {
  it('is read as the list that it was written for', () => {
    fc.assert(
      fc.property(scope, (one) => {
        expect(parseListScope(formatListScope(one))).toEqual(one)
      }),
    )
  })

  it.each([
    ['complete', { kind: 'complete' }],
    ['delta', { kind: 'delta' }],
    ['3-of-16', { kind: 'partition', index: 3, count: 16 }],
    ['0-of-2', { kind: 'partition', index: 0, count: 2 }],
    ['255-of-256', { kind: 'partition', index: 255, count: 256 }],
  ] as const)('%s', (text, expected) => {
    expect(parseListScope(text)).toEqual(expected)
  })

  it.each([
    '',
    'Complete',
    'partition',
    '3',
    '16-of-16',
    '-1-of-16',
    '0-of-1',
    '0-of-3',
    '0-of-512',
    '0.5-of-2',
    '03-of-16',
    '3-of-016',
    '3-of-16-of-16',
    ' 3-of-16',
    '3-of-0x10',
    '3-of-',
    '-of-16',
  ])('"%s" is that of none', (text) => {
    expect(parseListScope(text)).toBeUndefined()
  })
})

it('the lists of a CA are 2, 4, 8 and so on to 256', () => {
  const counts = Array.from({ length: 1026 }, (_, i) => i / 2 - 1).filter(isPartitionCount)
  expect(counts).toEqual([2, 4, 8, 16, 32, 64, 128, 256])
  expect(maximumPartitions).toBe(256)
  expect([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 33].filter(isPartitionCount)).toEqual([])
})

describe('the partition of a serial number', () => {
  it('goes by its last octet', () => {
    expect(partitionOf(parseSerialNumber('4f00000000000113'), 16)).toEqual({
      kind: 'partition',
      index: 3,
      count: 16,
    })
    // The number of such a serial number no double holds.
    expect(partitionOf(parseSerialNumber(`4f${'ff'.repeat(18)}fd`), 256)).toMatchObject({ index: 253 })
  })

  it('has a name, and all of them together have every last octet alike', () => {
    fc.assert(
      fc.property(serialNumber, count, (serial, of) => {
        const list = partitionOf(serial, of)
        expect(parseListScope(formatListScope(list))).toEqual(list)
      }),
    )
    const lists = Array.from({ length: 256 }, (_, last) =>
      formatListScope(partitionOf(parseSerialNumber(`4f${last.toString(16).padStart(2, '0')}`), 4)),
    )
    const sizes = ['0-of-4', '1-of-4', '2-of-4', '3-of-4'].map(
      (name) => lists.filter((list) => list === name).length,
    )
    expect(sizes).toEqual([64, 64, 64, 64])
  })
})

it.each<[scope: ListScope, base: number | undefined, part: object]>([
  [{ kind: 'complete' }, undefined, {}],
  [{ kind: 'complete' }, 7, {}],
  [{ kind: 'delta' }, 7, { since: 7 }],
  [{ kind: 'delta' }, 0, { since: 0 }],
  [{ kind: 'delta' }, undefined, {}],
  [{ kind: 'partition', index: 3, count: 16 }, undefined, { partition: { index: 3, count: 16 } }],
  [{ kind: 'partition', index: 3, count: 16 }, 7, { partition: { index: 3, count: 16 } }],
])('of %j above the base %s the entries are %j', (of, base, part) => {
  expect(entriesOf(of, base)).toStrictEqual(part)
})
