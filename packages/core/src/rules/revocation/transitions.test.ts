import { expect, it } from 'vitest'
import { checkTransition, revocationState, settableReasons } from './transitions.js'

it('the reasons are those of the API document', () => {
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

const states = ['good', 'held', 'revoked'] as const
const subjects = ['certificate', 'unsuspendable', 'ca', 'reservation'] as const
const changes = [...settableReasons, 'removeFromCRL'] as const

/** RFC 5280 §5.3.1 in words: what leads where, and from where. */
function expected(subject: (typeof subjects)[number], state: (typeof states)[number], change: string) {
  if (state === 'revoked') return 'already_revoked'
  if (change === 'removeFromCRL') return state === 'held' ? 'good' : 'transition_refused'
  if (change !== 'certificateHold') return 'revoked'
  return state === 'good' && subject === 'certificate' ? 'held' : 'transition_refused'
}

it('every change of every state of everything that has one leads where the standard says', () => {
  const walked = subjects.flatMap((subject) =>
    states.flatMap((state) =>
      changes.map((change) => {
        const verdict = checkTransition({ subject, state }, change)
        const outcome = verdict.ok ? verdict.to : verdict.fault
        expect([subject, state, change, outcome]).toEqual([
          subject,
          state,
          change,
          expected(subject, state, change),
        ])
        return outcome
      }),
    ),
  )
  expect(walked).toHaveLength(108)
})

it.each([
  [{ subject: 'ca', state: 'good' }, 'certificateHold', /a CA cannot be put on hold/],
  [{ subject: 'unsuspendable', state: 'good' }, 'certificateHold', /the profile of the certificate/],
  [{ subject: 'reservation', state: 'good' }, 'certificateHold', /a serial number without a certificate/],
  [{ subject: 'certificate', state: 'held' }, 'certificateHold', /is on hold already/],
  [{ subject: 'certificate', state: 'good' }, 'removeFromCRL', /is not on hold/],
  [{ subject: 'ca', state: 'revoked' }, 'superseded', /the CA is revoked already/],
] as const)('%o, %s: says what is in the way', (current, change, message) => {
  expect(checkTransition(current, change)).toMatchObject({ message: expect.stringMatching(message) })
})

it('revocationState reads a record', () => {
  const revokedAt = new Date('2026-01-01T00:00:00Z')
  expect(revocationState({})).toBe('good')
  expect(revocationState({ revokedAt, revocationReason: 'certificateHold' })).toBe('held')
  expect(revocationState({ revokedAt, revocationReason: 'keyCompromise' })).toBe('revoked')
  expect(revocationState({ revokedAt, revocationReason: 'removeFromCRL' })).toBe('good')
})
