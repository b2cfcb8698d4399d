import type { CrlReason } from '../../x509/crl-reason.js'
import type { SerialNumber } from '../../x509/serial-number.js'

export interface RenewalWindow {
  /** Whole seconds; from here on a new certificate is wanted. */
  readonly start: Date
  /** After `start`; whoever has not renewed by then is late. */
  readonly end: Date
  /**
   * A time in the window, the same whenever it is asked for: certificates that were issued in one night are not renewed
   * in one minute.
   */
  readonly suggested: Date
  /** Whether `suggested` is over. */
  readonly isDue: boolean
}

/** What the window depends on; a `CertificateInfo` has it. */
export interface RenewableCertificate {
  readonly serialNumber: SerialNumber
  readonly notBefore: Date
  readonly notAfter: Date
  readonly revokedAt?: Date | undefined
  readonly revocationReason?: CrlReason | undefined
}

/** Of the validity: what is left for failures to be noticed in. As Let's Encrypt does it since it has such windows. */
const leftWhenLong = 1 / 3
/** Of less than ten days a third would be two nights. */
const leftWhenShort = 1 / 2
const shortSeconds = 10 * 86_400
/** Half of the window, of the validity. */
const margin = 1 / 100

/**
 * When to renew, as ACME Renewal Information tells it (RFC 9773 §4.2). Pure. One that is revoked is to be renewed at
 * once, so its window is over; a hold may end, and changes nothing.
 *
 * @param now what `isDue` is measured against
 */
export function renewalWindow(certificate: RenewableCertificate, now: Date): RenewalWindow {
  const { start, end } = wantedWindow(certificate)
  const share = spread(certificate.serialNumber)
  const suggested = wholeSecond(start.getTime() + (end.getTime() - start.getTime()) * share)
  return { start, end, suggested, isDue: suggested <= now }
}

function wantedWindow(certificate: RenewableCertificate): { start: Date; end: Date } {
  const { notBefore, notAfter, revokedAt } = certificate
  if (revokedAt !== undefined && certificate.revocationReason !== 'certificateHold') {
    return { start: new Date(revokedAt.getTime() - 1000), end: revokedAt }
  }
  // notAfter is inclusive (RFC 5280 §4.1.2.5).
  const validity = notAfter.getTime() - notBefore.getTime() + 1000
  const left = validity < shortSeconds * 1000 ? leftWhenShort : leftWhenLong
  const middle = notAfter.getTime() - validity * left
  const start = wholeSecond(middle - validity * margin)
  const end = wholeSecond(middle + validity * margin)
  // Of a validity of seconds nothing is left after rounding.
  return { start, end: end > start ? end : new Date(start.getTime() + 1000) }
}

/** From 0 to 1: the last digits of a serial number are random. */
const spread = (serialNumber: SerialNumber): number => Number.parseInt(serialNumber.slice(-6), 16) / 0x1000000

const wholeSecond = (milliseconds: number): Date => new Date(Math.floor(milliseconds / 1000) * 1000)
