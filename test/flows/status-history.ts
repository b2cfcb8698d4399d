import {
  type Authority,
  type CertificateInfo,
  type CertificateStatus,
  type CrlEntry,
  crlEntries,
  type CrlReason,
  isPkiError,
  parseCrl,
  type SerialNumber,
  type SettableReason,
  settableReasons,
} from '@certwright/core'
import * as fc from 'fast-check'
import { encodeRevokedCertificates } from '../../packages/core/src/x509/revoked-certificate.js'
import { asHost, type MovableClock } from './setting.js'

/*
 * Random histories of certificates, and a model of the status log that is told of the same changes: a list of rows, and
 * nothing clever.
 */

const holdOften = fc.oneof(fc.constant('certificateHold' as const), fc.constantFrom(...settableReasons))
const minute = 60
const hour = 60 * minute
const day = 24 * hour

export const historyStep = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('issue' as const), validityDays: fc.constantFrom(1, 60) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('revoke' as const),
      which: fc.nat(99),
      reason: holdOften,
      unsafeForSeconds: fc.option(fc.constantFrom(0, 1, hour, 3 * day, 400 * day), { nil: undefined }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('release' as const), which: fc.nat(99) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      // Beyond the life of every list, and of the certificates.
      seconds: fc.constantFrom(1, minute, hour, 5 * hour, 2 * day, 5 * day, 70 * day),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('publish' as const, 'publish due' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('look' as const) }) },
)
export type HistoryStep = typeof historyStep extends fc.Arbitrary<infer T> ? T : never

/** One change that was made. */
export interface Row {
  readonly serialNumber: SerialNumber
  readonly reason: CrlReason
  readonly revokedAt: Date
  readonly invalidityDate?: Date | undefined
}

/** An authority, one CA of it, and what happened there. */
export interface History {
  readonly authority: Authority
  readonly caId: string
  readonly clock: MovableClock
  readonly csrPem: string
  readonly certificates: CertificateInfo[]
  readonly rows: Row[]
}

/** What a step came to: `done`, or the code of the refusal. */
export async function takeStep(history: History, step: HistoryStep): Promise<string> {
  const { authority, caId, clock } = history
  switch (step.do) {
    case 'issue':
      return issue(history, step.validityDays)
    case 'revoke':
      return revoke(history, step)
    case 'release':
      return release(history, step.which)
    case 'wait':
      clock.forward(step.seconds)
      return 'done'
    case 'publish':
      await authority.publishCrl({ caId }, asHost)
      return 'done'
    case 'publish due':
      await authority.publishDueCrls(asHost)
      return 'done'
    case 'look':
      return 'done'
  }
}

/** By the model: what the step has to come to. */
export function expectedOutcome(history: History, step: HistoryStep): string {
  if (step.do !== 'revoke' && step.do !== 'release') return 'done'
  const certificate = chosen(history, step.which)
  if (certificate === undefined) return 'done'
  const state = stateNow(history, certificate.serialNumber)
  if (state === 'revoked') return 'already_revoked'
  const isOnHold = state === 'held'
  const isRefused = step.do === 'release' ? !isOnHold : isOnHold && step.reason === 'certificateHold'
  return isRefused ? 'transition_refused' : 'done'
}

const chosen = ({ certificates }: History, which: number): CertificateInfo | undefined =>
  certificates[which % Math.max(1, certificates.length)]

async function issue(
  { authority, caId, csrPem, certificates }: History,
  validityDays: number,
): Promise<string> {
  const request = { caId, mode: 'csr', csrPem, validityDays } as const
  certificates.push((await authority.issue(request, asHost)).certificate)
  return 'done'
}

async function revoke(
  history: History,
  step: {
    readonly which: number
    readonly reason: SettableReason
    readonly unsafeForSeconds: number | undefined
  },
): Promise<string> {
  const certificate = chosen(history, step.which)
  if (certificate === undefined) return 'done'
  const { authority, clock, rows } = history
  const { reason, unsafeForSeconds } = step
  const revokedAt = clock.now()
  const invalidityDate =
    unsafeForSeconds === undefined ? undefined : new Date(revokedAt.getTime() - unsafeForSeconds * 1000)
  const request = { certificateId: certificate.id, reason, ...(invalidityDate && { invalidityDate }) }
  const outcome = await outcomeOf(authority.revoke(request, asHost))
  if (outcome === 'done')
    rows.push({ serialNumber: certificate.serialNumber, reason, revokedAt, invalidityDate })
  return outcome
}

async function release(history: History, which: number): Promise<string> {
  const certificate = chosen(history, which)
  if (certificate === undefined) return 'done'
  const { authority, clock, rows } = history
  const { id: certificateId, serialNumber } = certificate
  const outcome = await outcomeOf(authority.releaseHold({ certificateId }, asHost))
  if (outcome === 'done') rows.push({ serialNumber, reason: 'removeFromCRL', revokedAt: clock.now() })
  return outcome
}

export const outcomeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'done',
    (error: unknown) => (isPkiError(error) ? error.code : Promise.reject(error)),
  )

const stateNow = ({ rows }: History, serialNumber: SerialNumber): 'good' | 'held' | 'revoked' => {
  const last = rows.filter((row) => row.serialNumber === serialNumber).at(-1)
  return last === undefined ? 'good' : stateBy(last)
}

function stateBy({ reason }: Row): 'good' | 'held' | 'revoked' {
  if (reason === 'removeFromCRL') return 'good'
  return reason === 'certificateHold' ? 'held' : 'revoked'
}

/** The status by the model: the last row that was written by then and speaks of the time. */
export function expectedStatus(
  { rows }: Pick<History, 'rows'>,
  serialNumber: SerialNumber,
  { at, knownAt }: { readonly at: Date; readonly knownAt: Date },
): CertificateStatus {
  const counts = (row: Row): boolean =>
    row.serialNumber === serialNumber && row.revokedAt <= knownAt && sinceOf(row) <= at
  const row = rows.filter(counts).at(-1)
  const kind = row === undefined ? 'good' : stateBy(row)
  if (row === undefined || kind === 'good') return { kind: 'good' }
  return { kind, reason: row.reason, since: sinceOf(row), revokedAt: row.revokedAt }
}

export const sinceOf = (row: Row): Date => row.invalidityDate ?? row.revokedAt

/** The entries of a complete list by the model, as bytes: each serial number's last row, in the order of the rows. */
export const expectedEntries = (rows: readonly Row[]): readonly string[] =>
  rows
    .filter((row, i) => !rows.slice(i + 1).some(({ serialNumber }) => serialNumber === row.serialNumber))
    .filter(({ reason }) => reason !== 'removeFromCRL')
    .map((row) => entryHex({ ...row, revocationDate: row.revokedAt }))

export const entryHex = (entry: Pick<CrlEntry, 'serialNumber' | 'revocationDate'>): string =>
  Buffer.from(encodeRevokedCertificates([entry])).toString('hex')

export const entriesOn = (der: Uint8Array): readonly CrlEntry[] => [...crlEntries(parseCrl(der))]

/** What a relying party does with a complete list and a delta CRL (RFC 5280 §5.2.4). */
export function applyDelta(base: Uint8Array, delta: Uint8Array): readonly string[] {
  const entries = new Map(entriesOn(base).map((entry) => [entry.serialNumber, entry]))
  for (const entry of entriesOn(delta)) {
    // Anew at the end, where a complete list has it too.
    entries.delete(entry.serialNumber)
    if (entry.reason !== 'removeFromCRL') entries.set(entry.serialNumber, entry)
  }
  return [...entries.values()].map(entryHex)
}
