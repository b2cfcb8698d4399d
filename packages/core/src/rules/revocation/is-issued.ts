import type { ReservationState } from '../../ports/records.js'

/** Whether a certificate was handed out under a serial number; its record may be in an archive by now. */
export const isIssued = (state: ReservationState): boolean => state === 'recorded' || state === 'archived'
