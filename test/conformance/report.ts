import type { PackReport } from './conformance.js'

/** The one object that `--json` prints. */
export const jsonReport = (reports: readonly PackReport[]): string =>
  JSON.stringify({
    packs: reports.map((report) => ({
      name: report.name,
      cases: report.cases,
      agree: report.agree,
      falseAccepts: report.falseAccepts,
      falseRejects: report.falseRejects,
      hangs: report.hangs,
      skipped: report.skipped,
      unknownParams: report.unknownParams,
      cpuSeconds: report.cpuSeconds,
      divergences: report.divergences.map(({ id, expected, got }) => ({ id, expected, got })),
    })),
  })

const headings = [
  'pack',
  'cases',
  'agree',
  'false accepts',
  'false rejects',
  'hangs',
  'skipped',
  'CPU s',
  'balanced',
]

/** A table, then what is to be said of single packs, then what was not expected. */
export function textReport(reports: readonly PackReport[]): string {
  const rows = [headings, ...reports.map(row)]
  const widths = headings.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)))
  const table = rows.map((cells) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  '),
  )
  const sections = [table, reports.flatMap(notes), reports.flatMap(surprises)]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function row(report: PackReport): string[] {
  const counts = [report.cases, report.agree, report.falseAccepts, report.falseRejects, report.hangs]
  const skipped = report.skipped.reduce((sum, { cases }) => sum + cases, 0)
  const balanced =
    report.balancedAccuracy === undefined ? '-' : `${(report.balancedAccuracy * 100).toFixed(1)} %`
  return [report.name, ...counts.map(String), `${skipped}`, report.cpuSeconds.toFixed(1), balanced]
}

function notes(report: PackReport): string[] {
  const { name, cases, skipped, unknownParams, divergences, surprises, withoutVerdict } = report
  const lines = [
    ...skipped.map(
      ({ reason, cases: count }) => `${name}: skipped${cases > 0 ? ` ${count}` : ''}: ${reason}`,
    ),
    ...unknownParams.map(
      ({ name: param, cases: count }) =>
        `${name}: the parameter ${param} of ${count} is not known to the judge`,
    ),
  ]
  const { accepted, rejected } = withoutVerdict
  if (accepted + rejected > 0) {
    lines.push(
      `${name}: ${accepted + rejected} without a verdict, either answer agrees: accepted ${accepted}, rejected ${rejected}`,
    )
  }
  const known = divergences.length - surprises.unlisted.length
  if (known > 0) lines.push(`${name}: ${known} divergences with a reason in exceptions.json`)
  return lines
}

function surprises({ name, fault, surprises: { unlisted, unexpectedSuccesses } }: PackReport): string[] {
  return [
    ...(fault === undefined ? [] : [`${name}: not run: ${fault}`]),
    ...unlisted.map(
      ({ id, expected, got, detail }) =>
        `${name}: unlisted: ${id}: expected ${expected}, got ${got}${detail === undefined ? '' : ` (${detail})`}`,
    ),
    ...unexpectedSuccesses.map((id) => `${name}: unexpected success: ${id}: remove it from exceptions.json`),
  ]
}
