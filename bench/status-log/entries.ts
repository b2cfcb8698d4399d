import { parseSerialNumber, type Revocation, type SerialNumber } from '@certwright/core'
import { encodeRevokedCertificates } from '../../packages/core/src/x509/revoked-certificate.js'

/* The entries of the benches: as many as are wanted, the same in every run. */

export const revokedAt = new Date('2026-01-01T00:00:00Z')
export const notAfter = new Date('2027-01-01T00:00:00Z')
export const reason = 'keyCompromise'
const serialNumberOctets = 16

/** Different numbers in no order, the same in every run, as long as those that are issued. */
export function octetsAt(i: number): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(serialNumberOctets)
  const view = new DataView(octets.buffer)
  view.setUint32(0, (Math.imul(i, 2_654_435_761) >>> 2) | 0x4000_0000)
  view.setUint32(8, Math.imul(i ^ 0x5bd1_e995, 2_246_822_519))
  view.setUint32(12, i)
  return octets
}

export const serialNumberAt = (i: number): SerialNumber =>
  parseSerialNumber(Buffer.from(octetsAt(i)).toString('hex'))

export const revocationOf = (serialNumber: SerialNumber, caId: string): Revocation => ({
  caId,
  serialNumber,
  revokedAt,
  reason,
  notAfter,
  entryDer: encodeRevokedCertificates([{ serialNumber, revocationDate: revokedAt, reason }]),
})

/** What stands before and behind the octets of the serial number in every entry, for a database that makes them itself. */
export function entryAround(): { readonly before: Buffer; readonly behind: Buffer } {
  const octets = Buffer.from(octetsAt(0))
  const entry = Buffer.from(revocationOf(serialNumberAt(0), 'any').entryDer)
  const at = entry.indexOf(octets)
  return { before: entry.subarray(0, at), behind: entry.subarray(at + octets.length) }
}
