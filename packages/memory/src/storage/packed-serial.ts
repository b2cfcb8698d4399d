import type { SerialNumber } from '@certwright/core'

/** Two digits an octet, behind an octet with the length and one for the sign. */
export function packSerial(serialNumber: SerialNumber): Uint8Array {
  const isNegative = serialNumber.startsWith('-')
  const digits = isNegative ? serialNumber.slice(1) : serialNumber
  const packed = new Uint8Array(2 + digits.length / 2)
  packed[0] = packed.length - 1
  packed[1] = isNegative ? 1 : 0
  for (let i = 0; i < digits.length; i += 2) packed[2 + i / 2] = Number.parseInt(digits.slice(i, i + 2), 16)
  return packed
}

export function unpackSerial(packed: Uint8Array): SerialNumber {
  let digits = ''
  for (const octet of packed.subarray(2)) digits += octet.toString(16).padStart(2, '0')
  // What was packed was a serial number.
  return `${packed[1] === 1 ? '-' : ''}${digits}` as SerialNumber
}

export function sameSerial(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** FNV-1a, 32 bits. Serial numbers are drawn by the CA, so nobody can choose colliding ones. */
export function serialHash(packed: Uint8Array): number {
  let hash = 0x811c9dc5
  for (const octet of packed) hash = Math.imul(hash ^ octet, 0x01000193)
  return hash >>> 0
}
