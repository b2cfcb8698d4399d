import { printable, printableJson } from '../printable.js'
import type { Finding } from './finding.js'

export interface Examination {
  add(finding: Finding): void
  /** Print what is to be said at the end. @returns the exit code */
  end(): number
}

/** For people, each finding as it comes; for programs, one JSON document at the end. */
export function examination(
  out: NodeJS.WritableStream,
  { json, place }: { readonly json: boolean; readonly place: string },
): Examination {
  const findings: Finding[] = []
  return {
    add(finding) {
      findings.push(finding)
      if (!json) out.write(findingText(finding))
    },
    end() {
      const errors = findings.filter(({ level }) => level === 'error').length
      const notices = findings.length - errors
      const summary = { place, ok: errors === 0, errors, notices }
      out.write(json ? `${printableJson({ ...summary, findings }, 2)}\n` : summaryText(summary))
      return errors === 0 ? 0 : 1
    },
  }
}

const findingText = ({ check, level, subject, message, remedy }: Finding): string =>
  `${level} ${check}: ${printable(`${subject}: ${message}`)}\n  ${remedy}\n`

const summaryText = (summary: {
  readonly place: string
  readonly errors: number
  readonly notices: number
}): string => {
  const place = printable(summary.place)
  const notices = summary.notices === 0 ? '' : `, ${summary.notices} to be noticed`
  return summary.errors === 0
    ? `${place}: nothing is wrong${notices}\n`
    : `${place}: ${summary.errors} wrong${notices}\n`
}
