/** Longer names are no slip of the keyboard, and the comparison below takes time in the square of the length. */
const maximumLength = 40

/**
 * The known name that a misspelt one was meant to be: the same but for case, `_` and `-`, or at most two letters
 * away in a name of more than four.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > maximumLength) return undefined
  const plain = simplify(name)
  let nearest: string | undefined
  let shortest = Number.POSITIVE_INFINITY
  for (const candidate of known) {
    const distance = editDistance(plain, simplify(candidate))
    const allowed = candidate.length > 4 ? 2 : 0
    if (distance <= allowed && distance < shortest) {
      nearest = candidate
      shortest = distance
    }
  }
  return nearest
}

const simplify = (name: string): string => name.toLowerCase().replace(/[_-]/g, '')

/** Levenshtein, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}
