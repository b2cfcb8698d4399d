import type { StoreName } from './stores.js'
import type { TortureReport } from './torture.js'

export type Run = { readonly store: StoreName } & TortureReport

const rows: readonly (readonly [title: string, value: (run: Run) => string | number])[] = [
  ['kill -9', ({ kills }) => kills],
  ['seed', ({ seed }) => seed],
  ['seconds', ({ seconds }) => seconds],
  ['requests', ({ requests }) => requests],
  ['answered', ({ answered }) => answered],
  ['never answered, in the end', ({ unanswered }) => unanswered],
  ['certificates stored', ({ certificates }) => certificates],
  ['revocations answered', ({ revocations }) => revocations],
  ['highest CRL number', ({ highestCrlNumber }) => highestCrlNumber],
  ['handed out, not stored', ({ handedOutNotStored }) => handedOutNotStored],
  ['signatures without reservation', (run) => run.signaturesWithoutReservation],
  ['duplicate serial numbers', ({ duplicateSerials }) => duplicateSerials],
  ['CRL numbers reused', ({ crlNumbersReused }) => crlNumbersReused],
  ['keys with two certificates', ({ keysWithTwoCertificates }) => keysWithTwoCertificates],
  ['revocations lost', ({ revocationsLost }) => revocationsLost],
  ['doctor', ({ doctor }) => (doctor === 'clean' ? doctor : `${doctor.length} wrong`)],
]

/** For people: one column for each run, and what the doctor has found below. */
export function table(runs: readonly Run[]): string {
  const stores = runs.map(({ store }) => store)
  const findings = runs.flatMap(({ doctor }) => (doctor === 'clean' ? [] : doctor))
  return [
    line('', stores),
    ...rows.map(([title, value]) => line(title, runs.map(value))),
    ...findings.map((finding) => `${finding}\n`),
  ].join('')
}

const line = (title: string, cells: readonly (string | number)[]): string =>
  `${title.padEnd(32)}${cells.map((cell) => String(cell).padStart(12)).join('')}\n`
