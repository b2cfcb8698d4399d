import assert from 'node:assert/strict'
import { type Authority, crlEntries, parseCrl, type Storage } from '@certwright/core'
import { me } from '../histories/world.js'
import type { RaceCall, RaceWorld } from './race-calls.js'

/** A call and how it ended: with what it got, or with the code of its refusal. */
export interface RaceOutcome {
  readonly asked: RaceCall
  readonly certificateId?: string
  readonly crlNumber?: number
  readonly code?: string
}

/** What must be so whoever came first. @param authority one that takes no part in the race any more */
export async function checkRace(
  outcomes: readonly RaceOutcome[],
  world: RaceWorld,
  { authority, storage }: { readonly authority: Authority; readonly storage: Storage },
): Promise<void> {
  const { items } = await storage.listCertificates({ now: endOfTime }, everything)
  assert.equal(
    new Set(items.map(({ serialNumber }) => serialNumber)).size,
    items.length,
    'a serial number twice',
  )
  const kept = new Set(items.map(({ id }) => id))
  for (const { certificateId } of outcomes) {
    if (certificateId !== undefined)
      assert.ok(kept.has(certificateId), `${certificateId} was handed out and is not kept`)
  }
  checkIdempotency(outcomes)
  await checkTransitions(outcomes, world, authority)
  await checkLists(outcomes, world, authority)
  await checkRevokedIssuer(outcomes, storage)
  assert.deepEqual(await storage.listOpenReservations(endOfTime, 10), [], 'a reservation that nobody ended')
}

const endOfTime = new Date('9999-12-31T23:59:59Z')

/** Few enough for one page: a race is of a handful of calls. */
const everything = { page: 1, pageSize: 100 }

function checkIdempotency(outcomes: readonly RaceOutcome[]): void {
  const answers = new Map<string, Set<string>>()
  for (const { asked, certificateId } of outcomes) {
    if (asked.kind !== 'issue' || asked.idempotencyKey === undefined || certificateId === undefined) continue
    const own = answers.get(asked.idempotencyKey) ?? new Set()
    answers.set(asked.idempotencyKey, own.add(certificateId))
  }
  for (const [key, ids] of answers) assert.equal(ids.size, 1, `key "${key}" was answered with ${ids.size}`)
}

/** Of each certificate: one revocation at most, holds and their ends in turn, and the state that these lead to. */
async function checkTransitions(
  outcomes: readonly RaceOutcome[],
  { certificateIds }: RaceWorld,
  authority: Authority,
): Promise<void> {
  for (const [number, id] of certificateIds.entries()) {
    const done = (kind: RaceCall['kind']): number =>
      outcomes.filter(
        ({ asked, code }) =>
          code === undefined && asked.kind === kind && 'certificate' in asked && asked.certificate === number,
      ).length
    const wasHeld = number === certificateIds.length - 1 ? 1 : 0
    const held = wasHeld + done('hold') - done('release')
    assert.ok(done('revoke') <= 1, `certificate ${number} was revoked ${done('revoke')} times`)
    assert.ok(held === 0 || held === 1, `certificate ${number} was held and released out of turn`)
    const { revokedAt, revocationReason } = await authority.getCertificate(id, me)
    const state =
      revokedAt === undefined ? 'good' : revocationReason === 'certificateHold' ? 'held' : 'revoked'
    const expected = done('revoke') === 1 ? 'revoked' : held === 1 ? 'held' : 'good'
    assert.equal(state, expected, `the state of certificate ${number}`)
  }
}

async function checkLists(
  outcomes: readonly RaceOutcome[],
  { caId }: RaceWorld,
  authority: Authority,
): Promise<void> {
  const numbers = outcomes.flatMap(({ crlNumber }) => crlNumber ?? [])
  assert.equal(new Set(numbers).size, numbers.length, 'a CRL number twice')
  const last = await authority.publishCrl({ caId }, me)
  for (const number of numbers) assert.ok(last.number > number, `CRL ${last.number} comes after ${number}`)
  const { certificates } = await authority.listCertificates({ caId, status: 'all', pageSize: 100 }, me)
  const revoked = certificates.filter(({ revokedAt }) => revokedAt !== undefined)
  const listed = [...crlEntries(parseCrl(last.der))].map(({ serialNumber }) => String(serialNumber))
  assert.deepEqual(listed.sort(), revoked.map(({ serialNumber }) => String(serialNumber)).sort(), 'the list')
}

/** What was handed out was recorded before its issuer was revoked: the log is in the order of the commits. */
async function checkRevokedIssuer(outcomes: readonly RaceOutcome[], storage: Storage): Promise<void> {
  const log = await storage.listAuditEvents({}, 1000)
  const end = log.findIndex(({ type }) => type === 'ca.revoked')
  if (end < 0) return
  const after = new Set(
    log.slice(end).flatMap(({ type, subjectId }) => (issuing.has(type) ? [subjectId] : [])),
  )
  for (const { certificateId } of outcomes) {
    if (certificateId !== undefined)
      assert.ok(!after.has(certificateId), `${certificateId} was handed out after its CA was revoked`)
  }
}

const issuing: ReadonlySet<string> = new Set(['certificate.issued', 'certificate.renewed'])
