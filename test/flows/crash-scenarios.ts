import {
  type Authority,
  crlEntries,
  isPkiError,
  type KeyCustody,
  parseCrl,
  type PkiErrorCode,
  type Reservation,
  type SerialNumber,
  type Storage,
} from '@certwright/core'
import { expect } from 'vitest'
import { asHost, day, type MovableClock, newCsr, newRoot, passphrase } from './setting.js'

/* The operations whose every port call fails in turn, and what must be left of them: see crash-runs.ts. */

export interface World {
  readonly storage: Storage
  readonly custody: KeyCustody
  readonly clock: MovableClock
  readonly authority: Authority
  readonly signed: Uint8Array[]
  readonly reservations: Reservation[]
  readonly keys: { readonly made: string[]; readonly destroyed: Set<string>; isOneUnheardOf: boolean }
}

/** An operation that has something to lose. */
export interface Scenario {
  readonly name: string
  /** Prepare with plain ports; what comes back runs the operation, and says what is left when it has been repeated. */
  readonly prepare: (authority: Authority, clock: MovableClock) => Promise<Operation>
}

export interface Operation {
  readonly run: (authority: Authority) => Promise<unknown>
  readonly expectAfterwards: (world: World) => Promise<void>
}

export const csrPem = await newCsr({ commonName: 'db.example.org', dns: ['db.example.org'] })
const nextCsrPem = await newCsr()
const withKey = { ...asHost, idempotencyKey: 'k' }

/** What a client gets that asks again because it has not heard the first answer is no failure. */
async function unlessDone(code: PkiErrorCode, attempt: Promise<unknown>): Promise<void> {
  try {
    await attempt
  } catch (error) {
    if (!isPkiError(error) || error.code !== code) throw error
  }
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'an issuance',
    async prepare(authority) {
      const { id: caId } = await newRoot(authority)
      return {
        run: (a) => a.issue({ caId, mode: 'csr', csrPem }, withKey),
        expectAfterwards: (world) => expectOneCertificate(world, caId),
      }
    },
  },
  {
    name: 'an issuance of a locked CA, whose responder and CRL are due',
    async prepare(authority, clock) {
      const { id: caId } = await newRoot(authority, { passphrase })
      clock.forward(80 * day)
      return {
        run: (a) => a.issue({ caId, mode: 'csr', csrPem, caPassphrase: passphrase }, withKey),
        expectAfterwards: (world) => expectOneCertificate(world, caId),
      }
    },
  },
  {
    name: 'a renewal',
    async prepare(authority) {
      const { id: caId } = await newRoot(authority)
      const { certificate } = await authority.issue({ caId, mode: 'csr', csrPem }, asHost)
      return {
        run: (a) => a.renew({ certificateId: certificate.id, csrPem: nextCsrPem }, withKey),
        expectAfterwards: (world) => expectOneRenewal(world, certificate),
      }
    },
  },
  {
    name: 'a revocation',
    async prepare(authority) {
      const { id: caId } = await newRoot(authority)
      const { certificate } = await authority.issue({ caId, mode: 'csr', csrPem }, asHost)
      const request = { certificateId: certificate.id, reason: 'keyCompromise' } as const
      return {
        run: (a) => unlessDone('already_revoked', a.revoke(request, asHost)),
        expectAfterwards: (world) => expectOneRevocation(world, certificate),
      }
    },
  },
  {
    name: 'the publication of a list that is due',
    async prepare(authority) {
      const { id: caId } = await newRoot(authority)
      await authority.crl(caId)
      const { certificate } = await authority.issue({ caId, mode: 'csr', csrPem }, asHost)
      await authority.revoke({ certificateId: certificate.id }, asHost)
      return {
        run: (a) => a.publishDueCrls(asHost),
        expectAfterwards: (world) => expectNewerList(world, certificate),
      }
    },
  },
  {
    name: 'the archival of what has expired',
    async prepare(authority, clock) {
      const { id: caId } = await newRoot(authority)
      const request = { caId, mode: 'csr', csrPem, validityDays: 1 } as const
      const { certificate } = await authority.issue(request, asHost)
      clock.forward(4 * day)
      const expiredBefore = new Date(clock.now().getTime() - 2 * day * 1000)
      const archive = new Set<string>()
      return {
        async run(a) {
          for await (const batch of a.archiveExpired({ expiredBefore }, asHost))
            for (const { id } of batch) archive.add(id)
        },
        expectAfterwards: (world) => expectInArchive(world, certificate, archive),
      }
    },
  },
  {
    name: 'the creation of an intermediate',
    async prepare(authority) {
      const root = await newRoot(authority)
      const request = { parentCaId: root.id, name: 'Issuing', keyAlgorithm: 'Ed25519' } as const
      return {
        run: (a) => unlessDone('storage_conflict', a.createIntermediate(request, asHost)),
        expectAfterwards: (world) => expectOneCaThatIssues(world, root.id),
      }
    },
  },
  {
    name: 'the creation of a locked intermediate below a locked root',
    async prepare(authority) {
      const root = await newRoot(authority, { passphrase })
      const both = { passphrase, parentPassphrase: passphrase }
      const request = { parentCaId: root.id, name: 'Issuing', keyAlgorithm: 'Ed25519', ...both } as const
      return {
        run: (a) => unlessDone('storage_conflict', a.createIntermediate(request, asHost)),
        expectAfterwards: (world) => expectOneCaThatIssues(world, root.id, passphrase),
      }
    },
  },
]

/** What subscribers ask for: these run against every store. */
export const scenariosOfSubscribers = scenarios.filter(({ name }) =>
  [
    'an issuance',
    'a renewal',
    'a revocation',
    'the publication of a list that is due',
    'the archival of what has expired',
  ].includes(name),
)

async function expectOneCertificate({ authority }: World, caId: string): Promise<void> {
  const { certificates } = await authority.listCertificates({ caId }, asHost)
  expect(certificates.map(({ revocationReason }) => revocationReason)).toEqual([undefined])
}

async function expectOneRenewal({ authority }: World, old: { id: string; caId: string }): Promise<void> {
  const { certificates } = await authority.listCertificates({ caId: old.caId }, asHost)
  expect(certificates.filter(({ renewedFrom }) => renewedFrom === old.id)).toHaveLength(1)
  expect(certificates).toHaveLength(2)
}

async function expectOneRevocation(world: World, { id, caId }: { id: string; caId: string }): Promise<void> {
  const { authority, storage } = world
  expect(await authority.getCertificate(id, asHost)).toMatchObject({ revocationReason: 'keyCompromise' })
  expect((await storage.crlState(caId, 'complete')).revocationCount).toBe(1)
  const told = await storage.listAuditEvents({ subjectId: id }, 100)
  expect(told.map(({ type }) => type)).toEqual(['certificate.issued', 'certificate.revoked'])
}

/** Under a number of its own, whatever became of the one before. */
async function expectNewerList(
  { storage }: World,
  { caId, serialNumber }: { caId: string; serialNumber: string },
): Promise<void> {
  const { number, der } = (await storage.findLatestCrl(caId, 'complete')) ?? expect.unreachable()
  expect([...crlEntries(parseCrl(der))].map((entry) => entry.serialNumber)).toEqual([serialNumber])
  expect(number).toBeGreaterThan(1)
  const published = await storage.listAuditEvents({ subjectId: caId }, 100)
  const numbers = published
    .filter(({ type }) => type === 'crl.published')
    .map(({ details }) => details['number'])
  expect(numbers).toEqual([1, number])
}

/** And nowhere else; what became of it is told once. */
async function expectInArchive(
  { storage, clock }: World,
  { id, caId, serialNumber }: { id: string; caId: string; serialNumber: SerialNumber },
  archive: ReadonlySet<string>,
): Promise<void> {
  expect([...archive]).toEqual([id])
  expect(await storage.findCertificate(id)).toBeUndefined()
  expect((await storage.listCertificates({ now: clock.now() }, { page: 1, pageSize: 10 })).total).toBe(0)
  expect((await storage.findSerial(caId, serialNumber))?.state).toBe('archived')
  const told = await storage.listAuditEvents({ subjectId: caId }, 100)
  expect(told.filter(({ type }) => type === 'ca.certificates_archived')).toHaveLength(1)
}

async function expectOneCaThatIssues(
  { authority }: World,
  parentCaId: string,
  caPassphrase?: string,
): Promise<void> {
  const [issuing, ...others] = await authority.listCas({ parentCaId }, asHost)
  expect(others).toEqual([])
  const request = {
    caId: issuing?.id ?? '',
    mode: 'csr',
    csrPem,
    ...(caPassphrase !== undefined && { caPassphrase }),
  } as const
  const { certificate } = await authority.issue(request, asHost)
  expect(certificate.caId).toBe(issuing?.id)
}
