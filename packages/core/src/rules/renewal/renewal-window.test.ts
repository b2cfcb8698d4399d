import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSerialNumber } from '../../x509/serial-number.js'
import { renewalWindow } from './renewal-window.js'

const at = (text: string): Date => new Date(`${text}T00:00:00Z`)
const serialNumber = parseSerialNumber('4f00000000800000')
const ninetyDays = { serialNumber, notBefore: at('2026-01-01'), notAfter: new Date('2026-03-31T23:59:59Z') }

describe('a certificate is to be renewed', () => {
  it('when a third of its life is left, in a window of a fiftieth of it', () => {
    const { start, end, suggested } = renewalWindow(ninetyDays, at('2026-01-01'))
    expect(start).toEqual(new Date('2026-03-01T02:23:59Z'))
    expect(end).toEqual(new Date('2026-03-02T21:35:59Z'))
    expect(suggested).toEqual(new Date('2026-03-01T23:59:59Z')) // a serial number from the middle of all
  })

  it('when half of its life is left, where that is short', () => {
    const sixDays = { serialNumber, notBefore: at('2026-01-01'), notAfter: new Date('2026-01-06T23:59:59Z') }
    const { start, end } = renewalWindow(sixDays, at('2026-01-01'))
    expect(start).toEqual(new Date('2026-01-03T22:33:35Z'))
    expect(end).toEqual(new Date('2026-01-04T01:26:23Z'))
  })

  it('is short below ten days, and not with ten', () => {
    const middle = (notAfter: string) => {
      const { start, end } = renewalWindow({ ...ninetyDays, notAfter: new Date(notAfter) }, at('2026-01-01'))
      return (start.getTime() + end.getTime()) / 2 / 1000
    }
    const start = at('2026-01-01').getTime() / 1000
    expect(middle('2026-01-10T23:59:59Z') - start).toBeCloseTo((10 * 86_400 * 2) / 3, -1)
    expect(middle('2026-01-10T23:59:58Z') - start).toBeCloseTo((10 * 86_400) / 2, -1)
  })

  it('in a window of a second at least, where a fiftieth of its life is less', () => {
    const fiveSeconds = {
      serialNumber,
      notBefore: at('2026-01-01'),
      notAfter: new Date('2026-01-01T00:00:04Z'),
    }
    const { start, end } = renewalWindow(fiveSeconds, at('2026-01-01'))
    expect([start, end]).toEqual([new Date('2026-01-01T00:00:01Z'), new Date('2026-01-01T00:00:02Z')])
  })

  it('from the very second that is suggested', () => {
    const { suggested } = renewalWindow(ninetyDays, at('2026-01-01'))
    expect(renewalWindow(ninetyDays, suggested).isDue).toBe(true)
    expect(renewalWindow(ninetyDays, new Date(suggested.getTime() - 1)).isDue).toBe(false)
  })

  it.each([
    ['keyCompromise', true],
    ['certificateHold', false],
  ] as const)('at once if it is revoked: %s, %s', (revocationReason, isDue) => {
    const revokedAt = at('2026-01-10')
    const window = renewalWindow({ ...ninetyDays, revokedAt, revocationReason }, revokedAt)
    expect(window.isDue).toBe(isDue)
    expect(window.end <= revokedAt).toBe(isDue)
    expect(window.start < window.end).toBe(true)
  })
})

it('the window lies in the life of the certificate, and the suggestion in the window and nowhere else', () => {
  const certificate = fc
    .record({
      start: fc.integer({ min: 0, max: 4_000_000_000 }),
      seconds: fc.integer({ min: 3, max: 400 * 86_400 }),
      serial: fc.bigInt({ min: 1n, max: (1n << 126n) - 1n }),
    })
    .map(({ start, seconds, serial }) => ({
      serialNumber: parseSerialNumber(`4f${serial.toString(16).padStart(32, '0')}`),
      notBefore: new Date(start * 1000),
      notAfter: new Date((start + seconds - 1) * 1000),
    }))
  fc.assert(
    fc.property(certificate, fc.integer({ min: 0, max: 5_000_000_000 }), (one, second) => {
      const now = new Date(second * 1000)
      const { start, end, suggested, isDue } = renewalWindow(one, now)
      expect(start >= one.notBefore && start < end && end <= one.notAfter).toBe(true)
      expect(suggested >= start && suggested <= end).toBe(true)
      expect(isDue).toBe(suggested <= now)
      expect(renewalWindow(one, new Date(0)).suggested).toEqual(suggested)
    }),
  )
})
