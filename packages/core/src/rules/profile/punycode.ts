/*
 * Punycode (RFC 3492): how a label with letters outside ASCII travels in the DNS. Needed to see that what
 * stands behind `xn--` is such a label, and to tell a person which A-label to ask for.
 *
 * Input is one label, at most 63 octets when encoded; callers check that before they decode, so the loops are
 * short.
 */

const base = 36
const tMin = 1
const tMax = 26
const skew = 38
const damp = 700
const initialBias = 72
const initialCodePoint = 0x80
const digits = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Far above what 63 digits of a valid label need, far below where doubles lose precision. */
const maximumDelta = 0x7fffffff

/**
 * @param encoded a label behind `xn--`, ASCII, lowercase
 * @returns `undefined`: no Punycode
 */
export function decodePunycode(encoded: string): string | undefined {
  const lastDelimiter = encoded.lastIndexOf('-')
  const codePoints = Array.from(encoded.slice(0, Math.max(0, lastDelimiter)), (c) => c.charCodeAt(0))
  let codePoint = initialCodePoint
  let index = 0
  let bias = initialBias
  let position = lastDelimiter + 1
  while (position < encoded.length) {
    const before = index
    let weight = 1
    for (let k = base; ; k += base) {
      const digit = digits.indexOf(encoded.charAt(position++) || '?')
      if (digit < 0) return undefined
      index += digit * weight
      const threshold = thresholdAt(k, bias)
      if (digit < threshold) break
      weight *= base - threshold
      if (index > maximumDelta || weight > maximumDelta) return undefined
    }
    const length = codePoints.length + 1
    bias = adapt(index - before, length, before === 0)
    codePoint += Math.floor(index / length)
    index %= length
    if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) return undefined
    codePoints.splice(index++, 0, codePoint)
  }
  return String.fromCodePoint(...codePoints)
}

/** @returns what stands behind `xn--` */
export function encodePunycode(label: string): string {
  const codePoints = Array.from(label, (c) => c.codePointAt(0) as number)
  const basic = codePoints.filter((c) => c < initialCodePoint)
  let output = String.fromCodePoint(...basic) + (basic.length > 0 ? '-' : '')
  let handled = basic.length
  let codePoint = initialCodePoint
  let delta = 0
  let bias = initialBias
  while (handled < codePoints.length) {
    const floor = codePoint
    const next = Math.min(...codePoints.filter((c) => c >= floor))
    delta += (next - codePoint) * (handled + 1)
    codePoint = next
    for (const c of codePoints) {
      if (c < codePoint) delta++
      if (c !== codePoint) continue
      output += variableLength(delta, bias)
      bias = adapt(delta, handled + 1, handled === basic.length)
      delta = 0
      handled++
    }
    delta++
    codePoint++
  }
  return output
}

function variableLength(delta: number, bias: number): string {
  let text = ''
  let rest = delta
  for (let k = base; ; k += base) {
    const threshold = thresholdAt(k, bias)
    if (rest < threshold) return text + digits.charAt(rest)
    text += digits.charAt(threshold + ((rest - threshold) % (base - threshold)))
    rest = Math.floor((rest - threshold) / (base - threshold))
  }
}

const thresholdAt = (k: number, bias: number): number => Math.min(tMax, Math.max(tMin, k - bias))

/** RFC 3492 §6.1. */
function adapt(delta: number, length: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? damp : 2))
  rest += Math.floor(rest / length)
  let k = 0
  for (; rest > ((base - tMin) * tMax) / 2; k += base) rest = Math.floor(rest / (base - tMin))
  return k + Math.floor(((base - tMin + 1) * rest) / (rest + skew))
}
