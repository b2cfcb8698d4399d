import { formatName, type Certificate } from '@certwright/core'
import type { PathVerdict, ValidationFault } from '@certwright/core/path'
import { printable } from '../printable.js'

/** Escape sequences, or nothing where the output is no terminal. */
export interface Colours {
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly faint: (text: string) => string
}

const plain = (text: string): string => text
const coloured =
  (code: number) =>
  (text: string): string =>
    `\u001b[${code}m${text}\u001b[0m`

export const coloursFor = (isTerminal: boolean): Colours =>
  isTerminal
    ? { good: coloured(32), bad: coloured(31), faint: coloured(2) }
    : { good: plain, bad: plain, faint: plain }

/** Paths that are shown: who has more wants `--json`. */
const maximumShown = 8

/** The verdict in a line, then the path, or every path that was tried with its first fault: the anchor on top. */
export function renderVerdict(verdict: PathVerdict, colours: Colours): string {
  if (verdict.ok) {
    const policies = verdict.policies.length === 0 ? [] : [`policies: ${verdict.policies.join(', ')}`]
    return [colours.good('valid'), ...tree(verdict.path, undefined, colours), ...policies, ''].join('\n')
  }
  const [first] = verdict.faults
  const lines = [`${colours.bad('not valid')}: ${first === undefined ? 'there is no path' : sentence(first)}`]
  for (const { path, fault } of verdict.tried.slice(0, maximumShown)) {
    lines.push('', ...tree(path, fault, colours))
  }
  const hidden = verdict.tried.length - maximumShown
  if (hidden > 0) lines.push('', colours.faint(`and ${hidden} more; see --json`))
  return [...lines, ''].join('\n')
}

const sentence = ({ message, clause }: ValidationFault): string => printable(`${message} (${clause})`)

/** From the top down, each below its issuer. */
function tree(path: readonly Certificate[], fault: ValidationFault | undefined, colours: Colours): string[] {
  const lines: string[] = []
  for (const [i, certificate] of [...path].reverse().entries()) {
    const depth = path.length - 1 - i
    const indent = i === 0 ? '' : `${'   '.repeat(i - 1)}└─ `
    const isFaulty = fault?.depth === depth
    const mark = isFaulty ? colours.bad('✗') : colours.good('✓')
    const until = certificate.notAfter.toISOString().slice(0, 10)
    const name = printable(formatName(certificate.subject) || '(no subject)')
    lines.push(
      `${indent}${mark} ${name} ${colours.faint(`serial ${certificate.serialNumber}, until ${until}`)}`,
    )
    if (isFaulty) lines.push(`${'   '.repeat(i)}   ${colours.bad(sentence(fault))}`)
  }
  return lines
}
