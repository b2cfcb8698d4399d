import { expect, it } from 'vitest'
import { type DoctorError, Ledger, type StoredCertificate, type Verdict } from './ledger.js'

/* Each way of breaking a promise is found, and counted under its name alone. */

const clean: Verdict = {
  handedOutNotStored: 0,
  signaturesWithoutReservation: 0,
  duplicateSerials: 0,
  crlNumbersReused: 0,
  keysWithTwoCertificates: 0,
  revocationsLost: 0,
}

const a = { id: 'a', serialNumber: '0a', pem: 'A', commonName: 'a.example' }
const b = { id: 'b', serialNumber: '0b', pem: 'B', commonName: 'b.example' }
const renewed = { id: 'c', serialNumber: '0c', pem: 'C', commonName: 'a.example', renewedFrom: 'a' }
const revocation = { at: '2026-01-01T00:00:00.000Z', reason: 'superseded' }
const revoked = { ...b, revocation }

/** Two issued, one of them renewed, the other revoked and on the first list. */
function history(): Ledger {
  const ledger = new Ledger()
  ledger.asked('k1', { commonName: 'a.example' })
  ledger.answered('k1', a)
  ledger.asked('k2', { commonName: 'b.example' })
  ledger.answered('k2', b)
  ledger.asked('k3', { renewedFrom: 'a' })
  ledger.answered('k3', renewed)
  ledger.asked('k4', { commonName: 'never-answered.example' })
  ledger.revoked('b', revocation)
  ledger.readCrl({ number: 1n, digest: 'one', serialNumbers: new Set(['0b']) }, ledger.now())
  return ledger
}

const judge = (
  ledger: Ledger,
  certificates: readonly StoredCertificate[],
  doctor: readonly DoctorError[] = [],
): Verdict => ledger.judge({ certificates, doctor })

it('what was promised and is there is no fault', () => {
  expect(judge(history(), [a, revoked, renewed])).toEqual(clean)
})

it('what was not answered may have happened', () => {
  const ledger = history()
  ledger.asked('k5', { renewedFrom: 'c' })
  const unanswered = { ...a, id: 'd', serialNumber: '0d', commonName: 'never-answered.example' }
  const renewal = { ...a, id: 'e', serialNumber: '0e', renewedFrom: 'c' }
  expect(judge(ledger, [a, revoked, renewed, unanswered, renewal])).toEqual(clean)
})

it('the same answer twice is one certificate', () => {
  const ledger = history()
  ledger.answered('k1', a)
  expect(judge(ledger, [a, revoked, renewed])).toEqual(clean)
})

it.each<[string, readonly StoredCertificate[]]>([
  ['is not there', [revoked, renewed]],
  ['has another serial number', [{ ...a, serialNumber: '0f' }, revoked, renewed]],
  ['has other bytes', [{ ...a, pem: 'X' }, revoked, renewed]],
])('a certificate that was handed out and %s is not stored', (_, certificates) => {
  expect(judge(history(), certificates)).toEqual({ ...clean, handedOutNotStored: 1 })
})

it('a certificate that was missing after a restart counts, even where it is back at the end', () => {
  const ledger = history()
  ledger.readBack('a', undefined)
  expect(judge(ledger, [a, revoked, renewed])).toEqual({ ...clean, handedOutNotStored: 1 })
})

it('a finding of the doctor on a reservation is a signature without one', () => {
  const doctor = [
    { check: 'reservation', subject: 'certificate a', message: '' },
    { check: 'crl', subject: 'CRL 1', message: '' },
  ]
  expect(judge(history(), [a, revoked, renewed], doctor)).toEqual({
    ...clean,
    signaturesWithoutReservation: 1,
  })
})

it('a serial number on two certificates is a duplicate, whether anybody was told of the second or not', () => {
  const second = { ...a, id: 'd', commonName: 'other.example' }
  expect(judge(history(), [a, revoked, renewed, second])).toEqual({ ...clean, duplicateSerials: 1 })
})

it.each<[string, readonly StoredCertificate[]]>([
  ['issued', [a, revoked, renewed, { ...a, id: 'd', serialNumber: '0d' }]],
  ['renewed', [a, revoked, renewed, { ...renewed, id: 'd', serialNumber: '0d' }]],
])('a key under which two were %s has two certificates', (_, certificates) => {
  expect(judge(history(), certificates)).toEqual({ ...clean, keysWithTwoCertificates: 1 })
})

it('a key that was answered with one certificate and then with another has two', () => {
  const ledger = history()
  const second = { ...a, id: 'd', serialNumber: '0d', commonName: 'other.example' }
  ledger.answered('k1', second)
  expect(judge(ledger, [a, revoked, renewed, second])).toEqual({ ...clean, keysWithTwoCertificates: 1 })
})

it('a number of a CRL on two lists is reused, and so is one below a list that was read before', () => {
  const ledger = history()
  const serialNumbers = new Set(['0b'])
  ledger.readCrl({ number: 1n, digest: 'another', serialNumbers }, ledger.now())
  ledger.readCrl({ number: 3n, digest: 'three', serialNumbers }, ledger.now())
  ledger.readCrl({ number: 2n, digest: 'two', serialNumbers }, ledger.now())
  expect(judge(ledger, [a, revoked, renewed])).toEqual({ ...clean, crlNumbersReused: 2 })
})

it('a list that was asked for earlier may be read later, and need not know what came between', () => {
  const ledger = history()
  const before = ledger.now()
  ledger.revoked('a', revocation)
  ledger.readCrl({ number: 2n, digest: 'two', serialNumbers: new Set(['0a', '0b']) }, ledger.now())
  ledger.readCrl({ number: 1n, digest: 'one', serialNumbers: new Set(['0b']) }, before)
  expect(judge(ledger, [{ ...a, revocation }, revoked, renewed])).toEqual(clean)
})

it.each<[string, StoredCertificate]>([
  ['is gone', b],
  ['has another reason', { ...b, revocation: { ...revocation, reason: 'unspecified' } }],
  ['has another time', { ...b, revocation: { ...revocation, at: '2026-01-01T00:00:01.000Z' } }],
])('a revocation that was answered and %s is lost', (_, stored) => {
  expect(judge(history(), [a, stored, renewed])).toEqual({ ...clean, revocationsLost: 1 })
})

it('a revocation that a later list lacks is lost', () => {
  const ledger = history()
  ledger.readCrl({ number: 2n, digest: 'two', serialNumbers: new Set() }, ledger.now())
  expect(judge(ledger, [a, revoked, renewed])).toEqual({ ...clean, revocationsLost: 1 })
})

it('a revocation that was answered with "already" may have any time', () => {
  const ledger = history()
  ledger.revoked('a', undefined)
  expect(judge(ledger, [{ ...a, revocation }, revoked, renewed])).toEqual(clean)
  expect(judge(ledger, [a, revoked, renewed])).toEqual({ ...clean, revocationsLost: 1 })
})
