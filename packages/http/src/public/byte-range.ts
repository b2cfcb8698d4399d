/** First and last octet, both inclusive. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/**
 * The part that a client asks for, so that a long download can go on where it broke off (RFC 9110 §14.2). Only one
 * range, which is what downloads need; anything else is answered with the whole.
 *
 * @param entityTag of the version at hand: a part of another one would be spliced into it (`If-Range`, §13.1.5)
 * @returns `undefined`: send the whole; `unsatisfiable`: no octet of what is there was asked for
 */
export function requestedRange(
  request: Request,
  { length, entityTag }: { readonly length: number; readonly entityTag: string },
): ByteRange | 'unsatisfiable' | undefined {
  const ifRange = request.headers.get('if-range')
  if (ifRange !== null && ifRange !== entityTag) return undefined
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(request.headers.get('range') ?? '') ?? []
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined
  if (from === '') return lastOctets(Number(to), length)
  const range = { first: Number(from), last: to === '' ? length - 1 : Math.min(Number(to), length - 1) }
  if (to !== '' && Number(to) < range.first) return undefined
  return range.first < length ? range : 'unsatisfiable'
}

const lastOctets = (count: number, length: number): ByteRange | 'unsatisfiable' =>
  count === 0 ? 'unsatisfiable' : { first: Math.max(length - count, 0), last: length - 1 }
