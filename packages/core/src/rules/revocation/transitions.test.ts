import { describe, expect, it } from 'vitest'
import { checkTransition, revocationState, settableReasons } from './transitions.js'

describe('checkTransition', () => {
  const final = settableReasons.filter((reason) => reason !== 'certificateHold')

  it('has the reasons of the API document', () => {
    expect(settableReasons).toEqual([
      'unspecified',
      'keyCompromise',
      'caCompromise',
      'affiliationChanged',
      'superseded',
      'cessationOfOperation',
      'certificateHold',
      'privilegeWithdrawn',
    ])
  })

  it.each(final)('%s revokes a good or held certificate, and a CA', (reason) => {
    const revoked = { ok: true, to: 'revoked' }
    expect(checkTransition({ subject: 'certificate', state: 'good' }, reason)).toEqual(revoked)
    expect(checkTransition({ subject: 'certificate', state: 'held' }, reason)).toEqual(revoked)
    expect(checkTransition({ subject: 'ca', state: 'good' }, reason)).toEqual(revoked)
  })

  it.each(settableReasons)('nothing, %s neither, leads back from revoked (RFC 5280 §5.3.1)', (reason) => {
    for (const subject of ['certificate', 'ca'] as const) {
      expect(checkTransition({ subject, state: 'revoked' }, reason)).toMatchObject({
        ok: false,
        fault: 'already_revoked',
      })
    }
  })

  it('a certificate is put on hold once', () => {
    expect(checkTransition({ subject: 'certificate', state: 'good' }, 'certificateHold')).toEqual({
      ok: true,
      to: 'held',
    })
    expect(checkTransition({ subject: 'certificate', state: 'held' }, 'certificateHold')).toMatchObject({
      ok: false,
      fault: 'transition_refused',
    })
  })

  it('a CA is not put on hold', () => {
    expect(checkTransition({ subject: 'ca', state: 'good' }, 'certificateHold')).toMatchObject({
      ok: false,
      fault: 'transition_refused',
    })
  })
})

it('revocationState reads a record', () => {
  const revokedAt = new Date('2026-01-01T00:00:00Z')
  expect(revocationState({})).toBe('good')
  expect(revocationState({ revokedAt, revocationReason: 'certificateHold' })).toBe('held')
  expect(revocationState({ revokedAt, revocationReason: 'keyCompromise' })).toBe('revoked')
})
