/** One block of a PEM text, not yet decoded: a broken one spoils only itself. */
export interface PemText {
  readonly label: string
  /** Line of the text on which it begins, from 1. */
  readonly line: number
  /** From its first line up to the next block, or to the end. */
  readonly text: string
}

/** The labels that `pemDecodeAll` reads. */
const beginning = /-----BEGIN ([A-Z0-9 #-]{1,64}?)-----/g

export function splitPem(text: string): PemText[] {
  const matches = [...text.matchAll(beginning)]
  let line = 1
  let counted = 0
  return matches.map((match, i) => {
    for (; counted < match.index; counted++) if (text.charCodeAt(counted) === 10) line++
    return { label: match[1] as string, line, text: text.slice(match.index, matches[i + 1]?.index) }
  })
}
