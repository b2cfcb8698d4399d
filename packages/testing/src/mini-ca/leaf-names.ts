import { isIP } from 'node:net'
import type { GeneralName } from '@certwright/core'

export const serverName = (name: string): GeneralName =>
  isIP(name) === 0 ? { type: 'dns', value: name } : { type: 'ip', address: ipOctets(name) }

/** Of a client whose name is one. */
export const mailbox = (name: string): readonly GeneralName[] =>
  name.includes('@') ? [{ type: 'email', value: name }] : []

/** @param text that `isIP` takes */
function ipOctets(text: string): Uint8Array {
  if (isIP(text) === 4) return Uint8Array.from(text.split('.').map(Number))
  // The URL parser writes every form of an IPv6 address as groups of hex, of which `::` leaves zeros out.
  const [head = '', tail] = new URL(`http://[${text}]`).hostname.slice(1, -1).split('::')
  const [left, right] = [groups(head), groups(tail ?? '')]
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => 0)
  return Uint8Array.from([...left, ...zeros, ...right].flatMap((group) => [group >> 8, group & 0xff]))
}

const groups = (part: string): number[] =>
  part === '' ? [] : part.split(':').map((group) => parseInt(group, 16))
