import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8Encode } from '../encoding/bytes.js'
import {
  decodeGeneralizedTime,
  decodeUtcTime,
  generalizedTimeText,
  timeText,
  toWholeSeconds,
} from './time.js'

const utc = (text: string): Date => decodeUtcTime(utf8Encode(text), 3)
const generalized = (text: string): Date => decodeGeneralizedTime(utf8Encode(text), 3)
const invalid = expect.objectContaining({ code: 'invalid_der', context: { offset: 3 } })
const wholeSeconds = (min: string, max: string) =>
  fc.integer({ min: Date.parse(min) / 1000, max: Date.parse(max) / 1000 }).map((s) => new Date(s * 1000))

describe('UTCTime', () => {
  it.each([
    ['491231235959Z', '2049-12-31T23:59:59Z'],
    ['500101000000Z', '1950-01-01T00:00:00Z'],
    ['000229120000Z', '2000-02-29T12:00:00Z'],
  ])('%s is in the century that RFC 5280 §4.1.2.5.1 says', (text, time) => {
    expect(utc(text)).toEqual(new Date(time))
  })

  it.each([
    ['without seconds', '2601011200Z'],
    ['with an offset', '260101120000+0100'],
    ['with an offset of the same length', '2601011200+01'],
    ['that does not end in Z', '260101120000z'],
    ['with a fraction', '260101120000.5Z'],
    ['on the 29th of February of a common year', '260229120000Z'],
    ['in the 13th month', '261301120000Z'],
    ['in month 0', '260001120000Z'],
    ['on day 0', '260100120000Z'],
    ['on the 31st of April', '260431120000Z'],
    ['at 24 o’clock', '260101240000Z'],
    ['in a leap second', '261231235960Z'],
    ['on the 31st of June', '260631120000Z'],
    ['on the 31st of September', '260931120000Z'],
    ['on the 31st of November', '261131120000Z'],
    ['at minute 60', '260101126000Z'],
    ['with a letter', '26010112000OZ'],
    ['with a slash, which stands before the digits', '26010112000/Z'],
    ['with an octet behind it', '260101120000ZZ'],
    ['of nothing', ''],
  ])('%s is refused (§4.1.2.5.1)', (_, text) => {
    expect(() => utc(text)).toThrow(invalid)
  })
})

describe('GeneralizedTime', () => {
  it.each([
    ['without seconds', '20500101120Z'],
    ['with a fraction', '20500101120000.0Z'],
    ['with an offset', '20500101120000+0000'],
    ['without Z', '20500101120000'],
    ['with an octet behind it', '20500101120000ZZ'],
    ['on the 29th of February of 2100', '21000229120000Z'],
  ])('%s is refused (RFC 5280 §4.1.2.5.2)', (_, text) => {
    expect(() => generalized(text)).toThrow(invalid)
  })

  it('knows the 29th of February of 2400', () => {
    expect(generalized('24000229000000Z')).toEqual(new Date('2400-02-29T00:00:00Z'))
  })

  it('comes back as it went in, from the year 0000 to 9999', () => {
    fc.assert(
      fc.property(wholeSeconds('0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z'), (time) => {
        expect(generalized(generalizedTimeText(time))).toEqual(time)
      }),
    )
  })

  it.each([
    ['no date at all', new Date(Number.NaN)],
    ['the year 10000', new Date('+010000-01-01T00:00:00Z')],
    ['the year before 0', new Date('-000001-12-31T00:00:00Z')],
  ])('is not written of %s', (_, time) => {
    const refusal = { code: 'invalid_structure', context: { structure: 'Time' } }
    expect(() => generalizedTimeText(time)).toThrow(expect.objectContaining(refusal))
  })
})

describe('Time', () => {
  it('is a UTCTime until 2049 and a GeneralizedTime from 2050 (RFC 5280 §4.1.2.5)', () => {
    expect(timeText(new Date('2049-12-31T23:59:59Z'))).toEqual({ isUtcTime: true, text: '491231235959Z' })
    expect(timeText(new Date('2050-01-01T00:00:00Z'))).toEqual({ isUtcTime: false, text: '20500101000000Z' })
    expect(timeText(new Date('1950-01-01T00:00:00Z')).isUtcTime).toBe(true)
    expect(timeText(new Date('1949-12-31T23:59:59Z')).isUtcTime).toBe(false)
  })

  it('of either form comes back as it went in', () => {
    fc.assert(
      fc.property(wholeSeconds('1950-01-01T00:00:00Z', '2120-01-01T00:00:00Z'), (time) => {
        const { isUtcTime, text } = timeText(time)
        expect(isUtcTime ? utc(text) : generalized(text)).toEqual(time)
      }),
    )
  })

  it('is cut to whole seconds, backwards also before 1970', () => {
    expect(toWholeSeconds(new Date(1999))).toEqual(new Date(1000))
    expect(toWholeSeconds(new Date(-1))).toEqual(new Date(-1000))
  })
})
