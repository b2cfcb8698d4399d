import {
  type CertificateInfo,
  type CertificateStatus,
  cRLDistributionPoints,
  cRLNumber,
  type CrlRecord,
  deltaCRLIndicator,
  findExtension,
  type GeneralName,
  issuingDistributionPoint,
  parseCertificate,
  parseCrl,
} from '@certwright/core'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { encodeRevokedCertificates } from '../../packages/core/src/x509/revoked-certificate.js'
import { asHost, newCsr, newRoot, newSetting, ocspStatus } from './setting.js'
import {
  applyDelta,
  entriesOn,
  entryHex,
  expectedEntries,
  expectedOutcome,
  expectedStatus,
  type History,
  historyStep,
  sinceOf,
  takeStep,
} from './status-history.js'

/*
 * Whatever happens to certificates: every list, OCSP and the status log tell the same, at every step and in hindsight.
 */

const csrPem = await newCsr({ commonName: 'db.example.org' })
const baseUrl = 'http://pki.example.org'
const parts = ['0-of-4', '1-of-4', '2-of-4', '3-of-4'] as const

/** A list, and the entries that a complete one had when it was made, by the model. */
interface Made {
  readonly crl: CrlRecord
  readonly entries: readonly string[]
  readonly rowCount: number
}

interface World extends History {
  readonly ca: { readonly id: string; readonly certificateDer: Uint8Array }
  readonly made: Made[]
  readonly hasDelta: boolean
}

async function newWorld(hasDelta: boolean, isSplit: boolean): Promise<World> {
  const made: Made[] = []
  const rows: World['rows'] = []
  const publish = async (crl: CrlRecord): Promise<void> => {
    made.push({ crl, entries: expectedEntries(rows), rowCount: rows.length })
  }
  const { authority, clock } = newSetting({
    distribution: { baseUrl },
    crl: {
      publisher: { publish },
      ...(hasDelta && { deltaValiditySeconds: 6 * 3600 }),
      ...(isSplit && { partitions: parts.length }),
    },
  })
  const ca = await newRoot(authority)
  return { authority, clock, csrPem, ca, caId: ca.id, certificates: [], rows, made, hasDelta }
}

const isComplete = ({ crl }: Made): boolean => crl.scope === 'complete'

/** What relying parties get now is what the model says. */
async function expectAgreement(world: World): Promise<void> {
  const { authority, caId, rows, certificates, made, hasDelta } = world
  const expected = expectedEntries(rows)
  const complete = await authority.crl(caId)
  if (hasDelta) {
    const delta = await authority.crl(caId, 'delta')
    const baseNumber = findExtension(parseCrl(delta.der).extensions, deltaCRLIndicator)
    const base = made.find(({ crl }) => BigInt(crl.number) === baseNumber)
    expect(base?.crl).toMatchObject({ scope: 'complete', number: complete.number })
    expect(applyDelta(complete.der, delta.der)).toEqual(expected)
  } else {
    expect(entriesOn(complete.der).map(entryHex)).toEqual(expected)
  }
  await expectPartition(world, expected)
  for (const certificate of certificates) await expectSameStatus(world, certificate)
}

/** The partitions are disjoint, and all of them together are the complete list. */
async function expectPartition({ authority, caId }: World, expected: readonly string[]): Promise<void> {
  const lists = await Promise.all(parts.map((scope) => authority.crl(caId, scope)))
  const all = lists.flatMap(({ der }) => entriesOn(der).map(entryHex))
  expect([...all].sort()).toEqual([...expected].sort())
}

async function expectSameStatus(
  { authority, ca, clock, rows }: World,
  { serialNumber }: CertificateInfo,
): Promise<void> {
  const now = clock.now()
  const asked = { caId: ca.id, serialNumber, at: now }
  const expected = expectedStatus({ rows }, serialNumber, { at: now, knownAt: now })
  expect(await authority.statusAsKnownAt({ ...asked, knownAt: now }, asHost)).toEqual(expected)
  expect(await authority.statusAt(asked, asHost)).toEqual(expected)
  expect(await ocspStatus(authority, ca, serialNumber)).toEqual(inOcsp(expected))
}

/** OCSP has no word for a hold but its reason, and none for unspecified. */
function inOcsp(status: CertificateStatus) {
  if (status.kind === 'good' || status.kind === 'unknown') return { kind: status.kind }
  const { reason, revokedAt } = status
  return {
    kind: 'revoked',
    revocationTime: revokedAt,
    reason: reason === 'unspecified' ? undefined : reason,
  }
}

const isPart = ({ crl }: Made): boolean => crl.scope.includes('-of-')

/** The partitions of one look, which come in any order. A later look makes another one only where something has changed. */
const areAskedAtOnce = (a: Made, b: Made): boolean =>
  isPart(a) &&
  isPart(b) &&
  a.rowCount === b.rowCount &&
  a.crl.thisUpdate.getTime() === b.crl.thisUpdate.getTime()

/** Every list that was ever made: numbers grow (RFC 5280 §5.2.3), none is on two lists, and thisUpdate never goes back. */
function expectLawfulLists({ made }: World): void {
  expect(new Set(made.map(({ crl }) => crl.number)).size).toBe(made.length)
  for (const [i, one] of made.entries()) {
    const { crl, entries } = one
    const before = made.slice(0, i).filter((earlier) => !areAskedAtOnce(earlier, one))
    expect(crl.number).toBeGreaterThan(Math.max(0, ...before.map((earlier) => earlier.crl.number)))
    expect(crl.thisUpdate.getTime()).toBeGreaterThanOrEqual(made[i - 1]?.crl.thisUpdate.getTime() ?? 0)
    const parsed = parseCrl(crl.der)
    expect(findExtension(parsed.extensions, cRLNumber)).toBe(BigInt(crl.number))
    if (isComplete({ crl } as Made)) expect(entriesOn(crl.der).map(entryHex)).toEqual(entries)
  }
}

/** RFC 5280 §5.2.4: a delta CRL fits every complete list from its base on that is older than itself. */
function expectDeltasFit({ made }: World): void {
  for (const { crl: delta, entries } of made.filter(({ crl }) => crl.scope === 'delta')) {
    const bases = made.filter(
      (one) =>
        isComplete(one) &&
        one.crl.number >= (delta.baseNumber ?? Number.POSITIVE_INFINITY) &&
        one.crl.number < delta.number,
    )
    expect(bases.length).toBeGreaterThan(0)
    for (const base of bases) expect(applyDelta(base.crl.der, delta.der)).toEqual(entries)
  }
}

/** What was once revoked, and not only held, stays on every later list of the scope, byte for byte. */
function expectRevokedForEver({ made }: World): void {
  for (const scope of ['complete', ...parts]) {
    const lists = made.filter(({ crl }) => crl.scope === scope).map(({ crl }) => entriesOn(crl.der))
    for (const [i, list] of lists.entries()) {
      const later = new Set(lists[i + 1]?.map(entryHex) ?? list.map(entryHex))
      const final = list.filter(({ reason }) => reason !== 'certificateHold').map(entryHex)
      expect(final.filter((entry) => !later.has(entry))).toEqual([])
    }
  }
}

/** A list that was made is told from the log as it was. The log counts in seconds: those whose second went on are left out. */
async function expectReplay({ authority, caId, made, rows }: World): Promise<void> {
  for (const { crl, rowCount } of made.filter(isComplete)) {
    const at = crl.thisUpdate
    if (rows.slice(rowCount).some(({ revokedAt }) => revokedAt <= at)) continue
    const entries = await authority.crlAsOf({ caId, at }, asHost)
    expect(Buffer.from(encodeRevokedCertificates(entries))).toEqual(Buffer.from(parseCrl(crl.der).entriesDer))
  }
}

const second = 1000
const around = (time: Date): readonly Date[] => [
  new Date(time.getTime() - second),
  time,
  new Date(time.getTime() + second),
]

/** At all moments that matter to a certificate, as known at all of them. */
async function expectBothTimes(world: World, { serialNumber }: CertificateInfo): Promise<void> {
  const { authority, caId, clock, rows } = world
  const own = rows.filter((row) => row.serialNumber === serialNumber)
  const moments = [clock.now(), ...own.flatMap((row) => [...around(row.revokedAt), sinceOf(row)])]
  for (const at of moments) {
    const asked = { caId, serialNumber, at }
    expect(await authority.statusAt(asked, asHost)).toEqual(
      expectedStatus(world, serialNumber, { at, knownAt: clock.now() }),
    )
    for (const knownAt of moments) {
      expect(await authority.statusAsKnownAt({ ...asked, knownAt }, asHost)).toEqual(
        expectedStatus(world, serialNumber, { at, knownAt }),
      )
    }
  }
}

const isFinal = (reason: string): boolean => reason !== 'removeFromCRL' && reason !== 'certificateHold'

/** A final revocation holds from its invalidity date on by what is known now, and did not before it was known. */
async function expectInvalidity({ authority, caId, rows }: World): Promise<void> {
  for (const row of rows.filter(({ reason }) => isFinal(reason))) {
    const { serialNumber, revokedAt } = row
    const asked = { caId, serialNumber, at: sinceOf(row) }
    expect((await authority.statusAt(asked, asHost)).kind).toBe('revoked')
    const knownAt = new Date(revokedAt.getTime() - second)
    expect((await authority.statusAsKnownAt({ ...asked, knownAt }, asHost)).kind).not.toBe('revoked')
  }
}

/** Each certificate points to the list where its entry is, or would be. */
function expectPointers({ certificates, made }: World, isSplit: boolean): void {
  const addressOf = new Map<string, string>()
  for (const { crl } of made.filter(isPart)) {
    const point = findExtension(parseCrl(crl.der).extensions, issuingDistributionPoint)?.distributionPoint
    const [name] = point?.type === 'fullName' ? point.names : []
    for (const { serialNumber } of entriesOn(crl.der)) addressOf.set(serialNumber, String(uriOf(name)))
  }
  for (const { certificateDer, serialNumber, caId } of certificates) {
    const extension = findExtension(parseCertificate(certificateDer).extensions, cRLDistributionPoints)
    const [point] = extension ?? []
    const named = point?.distributionPoint
    const [name] = named?.type === 'fullName' ? named.names : []
    const expected = isSplit
      ? (addressOf.get(serialNumber) ?? expect.stringMatching(/-of-4$/))
      : `${baseUrl}/crl/${caId}`
    expect(uriOf(name)).toEqual(expected)
  }
}

const uriOf = (name: GeneralName | undefined): string | undefined =>
  name?.type === 'uri' ? name.value : undefined

const histories = fc.array(historyStep, { minLength: 5, maxLength: 45, size: 'max' })

it.each([
  ['the complete list alone', { hasDelta: false, isSplit: false }],
  ['delta CRLs', { hasDelta: true, isSplit: false }],
  ['partitions', { hasDelta: false, isSplit: true }],
  ['delta CRLs and partitions', { hasDelta: true, isSplit: true }],
])(
  'lists, OCSP and the status log agree through every history, with %s',
  async (_, { hasDelta, isSplit }) => {
    await fc.assert(
      fc.asyncProperty(histories, async (steps) => {
        const world = await newWorld(hasDelta, isSplit)
        for (const step of [...steps, { do: 'look' } as const]) {
          const expected = expectedOutcome(world, step)
          expect(await takeStep(world, step)).toBe(expected)
          if (step.do === 'look') await expectAgreement(world)
        }
        expectLawfulLists(world)
        expectDeltasFit(world)
        expectRevokedForEver(world)
        expectPointers(world, isSplit)
        await expectReplay(world)
        await expectInvalidity(world)
        for (const certificate of world.certificates) await expectBothTimes(world, certificate)
      }),
      { numRuns: 15 },
    )
  },
  60_000,
)
