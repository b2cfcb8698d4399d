import {
  type CertificateRecord,
  hasCode,
  type IdempotencyRecord,
  PkiError,
  type Reservation,
  type Revocation,
  type Storage,
  type StorageReads,
  type StorageTransaction,
} from '@certwright/core'
import { memoryStorage } from '@certwright/memory'
import { replaceMethods } from '../../packages/testing/src/chaos/replace-methods.js'

/*
 * Stores that are wrong in one way each, as real adapters have been: for the proof of the laws. Each is the reference
 * adapter with a few methods in worse hands.
 */

type Methods<T> = Partial<T>

/** A store whose reads or writes are altered, inside transactions and outside. */
function store(
  change: {
    readonly reads?: (reads: StorageReads) => Methods<StorageReads>
    readonly writes?: (tx: StorageTransaction, storage: Storage) => Methods<StorageTransaction>
    readonly transaction?: (storage: Storage) => Storage['transaction']
  },
  storage: Storage = memoryStorage(),
): Storage {
  const { reads = () => ({}), writes = () => ({}) } = change
  const within = (tx: StorageTransaction) => replaceMethods(tx, { ...reads(tx), ...writes(tx, storage) })
  const transact = change.transaction?.(storage) ?? storage.transaction.bind(storage)
  return replaceMethods(storage, {
    ...reads(storage),
    transaction: (work) => transact((tx) => work(within(tx))),
  })
}

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2))

/** Every write a transaction of its own, so that a rollback has nothing to take back. */
const nonAtomic = (): Storage => {
  const storage = memoryStorage()
  const each = new Proxy({} as StorageTransaction, {
    get: (_, name) => {
      const method: unknown = Reflect.get(storage, name)
      // Streams, and what else is read.
      if (typeof method === 'function') return method.bind(storage) as unknown
      return (...args: unknown[]) =>
        storage.transaction((tx) =>
          (Reflect.get(tx, name) as (...args: unknown[]) => Promise<unknown>).apply(tx, args),
        )
    },
  })
  return replaceMethods(storage, { transaction: (work) => work(each) })
}

/** A unit of work: reads see what is committed, writes are sent together at the end. Nothing is locked meanwhile. */
const unitOfWork = (): Storage => {
  const storage = memoryStorage()
  return replaceMethods(storage, {
    async transaction(work) {
      const writes: ((tx: StorageTransaction) => Promise<unknown>)[] = []
      const send = (write: (tx: StorageTransaction) => Promise<unknown>) => void writes.push(write)
      const tx = replaceMethods(storage as unknown as StorageTransaction, {
        async insertReservations(added) {
          for (const { caId, serialNumber } of added)
            if ((await storage.findSerial(caId, serialNumber)) !== undefined) throw conflict('serial_number')
          send((real) => real.insertReservations(added).catch(() => undefined))
        },
        async nextCrlNumber(caId) {
          const number = ((await storage.crlState(caId, 'complete')).latest?.number ?? 0) + 1
          send((real) => real.nextCrlNumber(caId))
          return number
        },
        async claimIdempotencyKey(record, now) {
          const standing = await storage.findIdempotencyRecord(record, now)
          if (standing === undefined) send((real) => real.claimIdempotencyKey(record, now))
          return standing
        },
        insertCertificates: async (added) => send((real) => real.insertCertificates(added)),
        insertCa: async (ca) => send((real) => real.insertCa(ca)),
        setOcspResponder: async (caId, responder) => send((real) => real.setOcspResponder(caId, responder)),
        async insertRevocation(revocation, subject) {
          const seen = (await storage.findSerial(revocation.caId, revocation.serialNumber))?.revocation
          send((real) => real.insertRevocation(revocation, subject))
          return (seen?.reason === 'certificateHold') === subject.replacesHold
        },
        insertUser: async (user) => send((real) => real.insertUser(user)),
        insertCrl: async (crl) => send((real) => real.insertCrl(crl)),
      })
      const result = await work(tx)
      await storage.transaction(async (real) => {
        for (const write of writes) await write(real)
      })
      return result
    },
  })
}

/** Those that are asked for in one turn are one transaction, and one promise. */
const oneForAll = (): Storage => {
  const storage = memoryStorage()
  let company: Promise<Map<unknown, unknown>> | undefined
  let works: ((tx: StorageTransaction) => Promise<unknown>)[] = []
  const commit = async (): Promise<Map<unknown, unknown>> => {
    await later()
    const together = works
    company = undefined
    works = []
    return storage.transaction(async (tx) => {
      const results = new Map<unknown, unknown>()
      for (const work of together) results.set(work, await work(tx))
      return results
    })
  }
  return replaceMethods(storage, {
    async transaction<T>(work: (tx: StorageTransaction) => Promise<T>): Promise<T> {
      works.push(work)
      company ??= commit()
      return (await company).get(work) as T
    },
  })
}

const conflict = (constraint: 'serial_number') =>
  new PkiError('storage_conflict', 'Cannot store record: it is taken', { constraint })

/** Certificates with something done to them on their way in. */
const certificatesIn = (change: (certificate: CertificateRecord) => CertificateRecord): Storage =>
  store({ writes: (tx) => ({ insertCertificates: (added) => tx.insertCertificates(added.map(change)) }) })

/** Certificates with something done to them on their way out. */
const certificatesOut = (change: (certificate: CertificateRecord) => CertificateRecord): Storage =>
  store({
    reads: (reads) => ({
      async findCertificate(id) {
        const found = await reads.findCertificate(id)
        return found && change(found)
      },
    }),
  })

const shifted = (time: Date, hours: number): Date => new Date(time.getTime() + hours * 3600_000)

/** Summer time of Europe, roughly: what a column without a zone makes of a time. */
const zoneOf = (time: Date): number => (time.getUTCMonth() > 2 && time.getUTCMonth() < 9 ? 2 : 1)

/** UTCTime has two digits for the year. */
const twoDigitYear = (time: Date): Date => {
  const year = 1950 + ((time.getUTCFullYear() - 1950) % 100)
  return new Date(new Date(time).setUTCFullYear(year))
}

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of stream) items.push(item)
  return items
}

async function* streamOf<T>(items: () => Promise<readonly T[]>): AsyncIterable<T> {
  yield* await items()
}

/** Reads the log again for each entry. */
async function* entryByEntry(reads: StorageReads, caId: string): AsyncIterable<Revocation> {
  for (let i = 0; ; i++) {
    const entry = (await collect(reads.listRevocations(caId)))[i]
    if (entry === undefined) return
    yield entry
  }
}

export interface BrokenStore {
  readonly bug: string
  readonly open: () => Storage
  /** The end of the name of a law that must refuse it. */
  readonly refusedBy: string
}

export const brokenStores: readonly BrokenStore[] = [
  {
    bug: 'a transaction is not atomic',
    open: nonAtomic,
    refusedBy: 'leaves no trace of any write when its work rejects, and the error is the one of the work',
  },
  {
    bug: 'a crash leaves what was written until then',
    open: nonAtomic,
    refusedBy: 'between any two port calls leaves everything or nothing, and what comes next goes on',
  },
  {
    bug: 'transactions that are committed together fail together',
    open: oneForAll,
    refusedBy: 'keeps what was asked for together with one that fails and one that is refused',
  },
  {
    bug: 'uniqueness is a read before the write',
    open: unitOfWork,
    refusedBy: 'gives one success and 15 conflicts to 16 reservations of one serial number at once',
  },
  {
    bug: 'an update that another transaction made meanwhile is lost',
    open: unitOfWork,
    refusedBy: 'lose no update: a read and a write that rests on it',
  },
  {
    bug: 'what a transaction has read may change before it commits',
    open: unitOfWork,
    refusedBy: 'a CA that is being revoked',
  },
  {
    bug: 'an idempotency key is claimed by a read and a write',
    open: unitOfWork,
    refusedBy: 'is claimed by the first of 16 at once',
  },
  {
    bug: 'keys that are asked for at once are all answered with the record of the first',
    open: () =>
      store({
        reads(reads) {
          let underWay: ReturnType<StorageReads['findIdempotencyRecord']> | undefined
          return {
            findIdempotencyRecord: (key, now) =>
              (underWay ??= reads.findIdempotencyRecord(key, now).finally(() => {
                underWay = undefined
              })),
          }
        },
      }),
    refusedBy:
      'is found by who asks for it, among others that are asked for at once, and not once it has run out',
  },
  {
    bug: 'there is no uniqueness of serial numbers: INSERT OR IGNORE',
    open: () =>
      store({
        writes: (tx) => ({
          insertReservations: (added: readonly Reservation[]) =>
            tx.insertReservations(added).catch(() => undefined),
        }),
      }),
    refusedBy: 'refuses a serial number that exists, committed or in the same transaction',
  },
  {
    bug: 'milliseconds are cut without a word',
    open: () =>
      store({
        writes: (tx) => ({
          insertUser: (user) =>
            tx.insertUser({
              ...user,
              createdAt: new Date(Math.floor(user.createdAt.getTime() / 1000) * 1000),
            }),
        }),
      }),
    refusedBy: 'is refused where a time is not in whole seconds, which a database would round',
  },
  {
    bug: 'times come back in the zone of the server',
    open: () =>
      certificatesOut((kept) => ({ ...kept, notAfter: shifted(kept.notAfter, zoneOf(kept.notAfter)) })),
    refusedBy: 'times, from before 1970 to the year 9999, in UTC',
  },
  {
    bug: 'years have two digits',
    open: () => certificatesIn((kept) => ({ ...kept, notAfter: twoDigitYear(kept.notAfter) })),
    refusedBy: 'times, from before 1970 to the year 9999, in UTC',
  },
  {
    bug: 'bytes go through a UTF-8 string',
    open: () =>
      certificatesIn((kept) => ({
        ...kept,
        certificateDer: new TextEncoder().encode(new TextDecoder().decode(kept.certificateDer)),
      })),
    refusedBy: 'bytes, whatever they are',
  },
  {
    bug: 'bytes are those of the buffer that they are a view on',
    open: () =>
      certificatesIn((kept) => ({ ...kept, certificateDer: new Uint8Array(kept.certificateDer.buffer) })),
    refusedBy: 'bytes that are a view on a larger buffer',
  },
  {
    bug: 'what does not exist is null',
    open: () =>
      store({
        reads: (reads) => ({
          findUser: async (id) => (await reads.findUser(id)) ?? (null as unknown as undefined),
        }),
      }),
    refusedBy: 'what does not exist, as undefined',
  },
  {
    bug: 'what is absent is a field with null',
    open: () => certificatesOut((kept) => ({ renewedFrom: null as unknown as string, ...kept })),
    refusedBy: 'what is absent, as a field that is not there',
  },
  {
    bug: 'records are handed out as they are kept',
    open: () => {
      const kept = new Map<string, CertificateRecord>()
      return store({
        reads: (reads) => ({
          async findCertificate(id) {
            const found = kept.get(id) ?? (await reads.findCertificate(id))
            if (found !== undefined) kept.set(id, found)
            return found
          },
        }),
      })
    },
    refusedBy: 'is not changed by what a caller does to it afterwards, whether it put it in or got it out',
  },
  {
    bug: 'the error of the driver escapes',
    open: () =>
      store({
        writes: (tx) => ({
          insertUser: (user) =>
            tx.insertUser(user).catch(() => {
              throw Object.assign(new Error('UNIQUE constraint failed: users.id'), {
                code: 'SQLITE_CONSTRAINT',
              })
            }),
        }),
      }),
    refusedBy:
      'of a refused write is storage_conflict with the name of the constraint, and ends the transaction',
  },
  {
    bug: 'the error of the caller is taken for one of the driver',
    open: () =>
      store({
        transaction: (storage) => (work) =>
          storage.transaction(work).catch((error: unknown) => {
            if (
              hasCode(error, 'storage_conflict') ||
              error instanceof TypeError ||
              error instanceof RangeError
            )
              throw error
            throw new PkiError('storage_unavailable', 'Cannot store', { retryable: false }, { cause: error })
          }),
      }),
    refusedBy: 'of the caller comes out as it is, whatever it is',
  },
  {
    bug: 'pages are in an order that has ties',
    open: () => {
      let calls = 0
      return store({
        reads: (reads) => ({
          async listCertificates(filter, page) {
            const { items, total } = await reads.listCertificates(filter, { page: 1, pageSize: 100 })
            const turn = calls++ % 2 === 0 ? 1 : -1
            const byTime = [...items].sort(
              (a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? turn : -turn),
            )
            const start = (page.page - 1) * page.pageSize
            return { items: byTime.slice(start, start + page.pageSize), total }
          },
        }),
      })
    },
    refusedBy: 'neither repeats nor skips what was there before, while others write',
  },
  {
    bug: 'the wildcards of SQL are wildcards',
    open: () =>
      store({
        reads: (reads) => ({
          listCertificates: ({ search, ...filter }, page) =>
            reads.listCertificates(
              { ...filter, ...(search !== undefined && search !== '%' && { search }) },
              page,
            ),
        }),
      }),
    refusedBy: 'the wildcards of SQL stand for themselves',
  },
  {
    bug: 'the next CRL number is that of the last list plus one',
    open: () =>
      store({
        writes: (tx) => ({
          nextCrlNumber: async (caId) => ((await tx.crlState(caId, 'complete')).latest?.number ?? 0) + 1,
        }),
      }),
    refusedBy: 'count by CA, and give no number twice, also where its list is never made',
  },
  {
    bug: 'a revocation takes the place of any other',
    open: () =>
      store({
        writes: (tx) => ({
          insertRevocation: async (revocation, { id }) =>
            (await tx.insertRevocation(revocation, { id, replacesHold: false })) ||
            (await tx.insertRevocation(revocation, { id, replacesHold: true })) ||
            true,
        }),
      }),
    refusedBy: 'happens once: the first reason and time stand',
  },
  {
    bug: 'an acknowledgement forgets everything that is older',
    open: () =>
      store({
        writes: (tx) => ({
          async acknowledgeOutboxEvents(ids) {
            const listed = (await tx.listOutboxEvents(1000)).map(({ id }) => id)
            const end = Math.max(...ids.map((id) => listed.indexOf(id)), -1)
            await tx.acknowledgeOutboxEvents(listed.slice(0, end + 1))
          },
        }),
      }),
    refusedBy: 'forgets nothing but what was acknowledged: the last alone',
  },
  {
    bug: 'events are sent while the transaction runs',
    open: () => {
      const sent: Awaited<ReturnType<Storage['listOutboxEvents']>>[number][] = []
      return store({
        reads: () => ({ listOutboxEvents: async (limit) => sent.slice(0, limit) }),
        writes: (tx) => ({
          async appendEvents(events) {
            sent.push(...events.outbox)
            await tx.appendEvents(events)
          },
        }),
      })
    },
    refusedBy: 'tells nothing of a transaction that failed, and everything of one that did not',
  },
  {
    bug: 'the entries of a CRL are those of the whole log, holds that were replaced included',
    open: () => {
      const log = new Map<string, Uint8Array[]>()
      return store({
        reads: () => ({ listCrlEntries: (caId) => streamOf(async () => log.get(caId) ?? []) }),
        writes: (tx) => ({
          async insertRevocation(revocation, subject) {
            const isAdded = await tx.insertRevocation(revocation, subject)
            if (isAdded) log.set(revocation.caId, [...(log.get(revocation.caId) ?? []), revocation.entryDer])
            return isAdded
          },
        }),
      })
    },
    refusedBy: 'gives as CRL entries what it gives as records: the last of each serial number, of one CA',
  },
  {
    bug: 'the status log is read page by page, each at its own instant',
    open: () => store({ reads: (reads) => ({ listRevocations: (caId) => entryByEntry(reads, caId) }) }),
    refusedBy: 'streams what there was at one instant, whatever is revoked or rolled back meanwhile',
  },
  {
    bug: 'a commit resolves before it is durable',
    open: () =>
      store({
        transaction: (storage) => (work) =>
          new Promise((resolve, reject) => {
            const committed = storage.transaction(async (tx) => {
              resolve(await work(tx))
              await later()
            })
            committed.catch(reject)
          }),
      }),
    refusedBy: 'goes on after one that failed',
  },
  {
    bug: 'a lease is forever',
    open: () =>
      store({
        reads: (reads) => ({
          findIdempotencyRecord: (key) => reads.findIdempotencyRecord(key, new Date(0)),
        }),
        writes: (tx) => ({
          claimIdempotencyKey: (record: IdempotencyRecord) => tx.claimIdempotencyKey(record, new Date(0)),
        }),
      }),
    refusedBy: 'counts until liveUntil: a lease that ran out is claimed by the next, and is no longer found',
  },
  {
    bug: 'reservations are forgotten when they are closed',
    open: () =>
      store({
        reads: (reads) => ({
          listReservations: (caId) =>
            streamOf(async () =>
              (await collect(reads.listReservations(caId))).filter(({ state }) => state === 'open'),
            ),
        }),
      }),
    refusedBy: 'gives every reservation of the CA with its state, whatever became of it',
  },
  {
    bug: 'a reservation can be closed again',
    open: () =>
      store({
        writes: (tx) => ({
          closeReservations: async (ids, state) => (await tx.closeReservations(ids, state), ids.length),
        }),
      }),
    refusedBy: 'answers every step as a model does that is too simple to be wrong',
  },
  {
    bug: 'an artifact is consumed by whoever reads first that it is not',
    open: () =>
      store({
        writes: (_, storage) => ({
          async consumeOAuthArtifact(kind, idHash) {
            const found = await storage.findOAuthArtifact(kind, idHash)
            return found !== undefined && found.consumedAt === undefined
          },
        }),
      }),
    refusedBy: 'is consumed by one of 16 at once',
  },
  {
    bug: 'to put an artifact again makes it new',
    open: () =>
      store({
        writes: (tx) => ({
          async putOAuthArtifact(artifact) {
            await tx.deleteOAuthArtifact(artifact.kind, artifact.idHash)
            await tx.putOAuthArtifact(artifact)
          },
        }),
      }),
    refusedBy: 'stays consumed, whatever is put in its place, and for the first time',
  },
  {
    bug: 'a session and an interaction of one uid are one',
    open: () =>
      store({
        reads: (reads) => ({
          findOAuthArtifactByUid: async (kind, uid) =>
            (await reads.findOAuthArtifactByUid(kind, uid)) ?? reads.findOAuthArtifactByUid('Session', uid),
        }),
      }),
    refusedBy: 'is another one under another kind',
  },
  {
    bug: 'the secret before a rotation goes on to work',
    open: () =>
      store({
        writes: (tx) => ({
          changeApiKey: (id, change) =>
            tx.changeApiKey(
              id,
              change.kind === 'secret'
                ? { previousSecret: { secretHash: change.replaces, validUntil: new Date(0) }, ...change }
                : change,
            ),
        }),
      }),
    refusedBy: 'that is rotated is found by its new secret alone, unless the one before is kept',
  },
  {
    bug: 'of two rotations the last one wins',
    open: () =>
      store({
        writes: (tx) => ({
          async changeApiKey(id, change) {
            if (change.kind !== 'secret') return tx.changeApiKey(id, change)
            const { secretHash = '' } = (await tx.findApiKey(id)) ?? {}
            return tx.changeApiKey(id, { ...change, replaces: secretHash })
          },
        }),
      }),
    refusedBy: 'is rotated by one of 16 that saw the same secret',
  },
  {
    bug: 'a revoked key is in every list',
    open: () =>
      store({
        reads: (reads) => ({
          listApiKeys: (filter, page) => reads.listApiKeys({ ...filter, includeRevoked: true }, page),
        }),
      }),
    refusedBy:
      'is listed by workspace and user, oldest first, without the revoked ones unless they are asked for',
  },
  {
    bug: 'an empty filter revokes every grant',
    open: () =>
      store({
        writes: (tx) => ({
          async revokeOAuthGrants(filter, revokedAt) {
            if (Object.keys(filter).length > 0) return tx.revokeOAuthGrants(filter, revokedAt)
            const { items } = await tx.listOAuthGrants({}, { page: 1, pageSize: 100 })
            for (const { id } of items) await tx.revokeOAuthGrants({ grantId: id }, revokedAt)
            return items.length
          },
        }),
      }),
    refusedBy: 'is never revoked by a filter that says nothing',
  },
  {
    bug: 'a grant is revoked with all of its user, in whatever workspace',
    open: () =>
      store({
        writes: (tx) => ({
          revokeOAuthGrants: ({ workspaceId, ...filter }, revokedAt) =>
            tx.revokeOAuthGrants(
              Object.keys(filter).length > 0 || workspaceId === undefined ? filter : { workspaceId },
              revokedAt,
            ),
        }),
      }),
    refusedBy: 'is revoked with all that a filter lets through, and with no other',
  },
  {
    bug: 'tokens are kept in a cache that nobody clears',
    open: () => {
      const cache = new Map<string, Awaited<ReturnType<Storage['findTokenAccess']>>>()
      return store({
        reads: (reads) => ({
          async findTokenAccess(idHash) {
            const access = cache.get(idHash) ?? (await reads.findTokenAccess(idHash))
            cache.set(idHash, access)
            return access
          },
        }),
      })
    },
    refusedBy: 'stands behind its access token, with client and membership, until one of them is gone',
  },
  {
    bug: 'any token of a grant is an access token',
    open: () =>
      store({
        reads: (reads) => ({
          async findTokenAccess(idHash) {
            const access = await reads.findTokenAccess(idHash)
            if (access !== undefined) return access
            const refresh = await reads.findOAuthArtifact('RefreshToken', idHash)
            const grant = refresh?.grantId && (await reads.findOAuthGrant(refresh.grantId))
            if (!refresh || !grant) return undefined
            const client = await reads.findOAuthClient(grant.clientId)
            const membership = await reads.findMembership(grant.workspaceId, grant.userId)
            return client && membership && { token: refresh, grant, client, membership }
          },
        }),
      }),
    refusedBy: 'stands behind no token of another kind, and of no other user or workspace',
  },
  {
    bug: 'unused clients are collected with those that have a grant',
    open: () =>
      store({
        writes: (tx) => ({
          async deleteUnusedOAuthClients(unusedSince, limit) {
            const { items } = await tx.listOAuthClients({ kind: 'public' }, { page: 1, pageSize: 100 })
            const unused = items
              .filter((client) => (client.lastUsedAt ?? client.createdAt) <= unusedSince)
              .slice(0, limit)
            for (const { id } of unused) await tx.deleteOAuthClient(id)
            return unused.length
          },
        }),
      }),
    refusedBy: 'is garbage where it is public, was not used since, and has no grant; the oldest go first',
  },
  {
    bug: 'garbage is collected without a bound',
    open: () =>
      store({
        writes: (tx) => ({
          deleteExpiredOAuthArtifacts: (expiredBy) => tx.deleteExpiredOAuthArtifacts(expiredBy, 1000),
        }),
      }),
    refusedBy: 'is garbage once it has expired; the oldest go first, and no more than asked for',
  },
  {
    bug: 'what is archived is forgotten with its serial number',
    open: () => {
      const forgotten = new Set<string>()
      return store({
        reads: (reads) => ({
          async findSerial(caId, serialNumber) {
            const found = await reads.findSerial(caId, serialNumber)
            return found && forgotten.has(found.reservation.id) ? undefined : found
          },
        }),
        writes: (tx) => ({
          async archiveCertificates(ids) {
            const archived = await tx.archiveCertificates(ids)
            for (const id of archived) forgotten.add(id)
            return archived
          },
        }),
      })
    },
    refusedBy: 'leaves its reservation, and its serial number is never given again',
  },
  {
    bug: 'who archives is told that all were there',
    open: () =>
      store({
        writes: (tx) => ({
          async archiveCertificates(ids) {
            await tx.archiveCertificates(ids)
            return ids
          },
        }),
      }),
    refusedBy: 'is archived once, by one of 16 that archive it at once',
  },
  {
    bug: 'what ends today is expired already',
    open: () =>
      store({
        reads: (reads) => ({
          listExpiredCertificates: ({ expiredBefore, ...filter }, limit) =>
            reads.listExpiredCertificates(
              { expiredBefore: new Date(expiredBefore.getTime() + 86_400_000), ...filter },
              limit,
            ),
        }),
      }),
    refusedBy: 'what ended before a time, and not what ends with it',
  },
  {
    bug: 'no rights at all are all rights',
    open: () =>
      store({
        writes: (tx) => ({
          insertMembership: (membership) =>
            tx.insertMembership(
              membership.rights !== 'all' && membership.rights.size === 0
                ? { ...membership, rights: 'all' }
                : membership,
            ),
        }),
      }),
    refusedBy: 'comes back as it went in: rights on everything, on some CAs, and on none',
  },
]
