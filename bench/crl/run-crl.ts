import { createAuthority, operator, parseCertificate, platformCrypto, type Storage } from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { fromPool, migrate, postgresStorage } from '@certwright/postgres'
import pg from 'pg'
import { encodeTbsCertList } from '../../packages/core/src/x509/certificate-revocation-list.js'
import { encodeRevokedCertificates } from '../../packages/core/src/x509/revoked-certificate.js'
import { median, round } from '../measure.js'
import { pkijsCrl } from '../peers/pkijs.js'
import { notAfter, octetsAt, revocationOf, revokedAt, serialNumberAt } from '../status-log/entries.js'
import { fillMemory, fillPostgres } from '../status-log/fill.js'
import type { Measured } from './row-in-child.js'

/** The list in service and the next one: a CA at work has both. PKI.js takes half a minute for one. */
const listsOf = (way: string): number => (way === 'PKI.js 4' ? 1 : 2)
const pageSize = 4096
const me = { principal: operator('bench') }

/** Make a list of so many entries a few times, in this process. */
export async function runCrl(way: string, entries: number): Promise<Measured> {
  const made = await ways[way]?.(entries)
  if (made === undefined) throw new Error(`crl: there is no way "${way}"`)
  const { makeList, close } = typeof made === 'function' ? { makeList: made, close: undefined } : made
  const baseRssMb = Math.round(process.memoryUsage().rss / 2 ** 20)
  const samples: { readonly ms: number; readonly cpuMicros: number }[] = []
  let bytes = 0
  const lists = listsOf(way)
  for (let i = 0; i < lists; i++) {
    const cpuBefore = process.cpuUsage()
    const before = performance.now()
    bytes = await makeList()
    const { user, system } = process.cpuUsage(cpuBefore)
    samples.push({ ms: performance.now() - before, cpuMicros: user + system })
  }
  await close?.()
  return {
    ms: round(median(samples.map(({ ms }) => ms))),
    cpuMicrosPerOp: Math.round(median(samples.map(({ cpuMicros }) => cpuMicros))),
    rounds: lists,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    figures: { firstMs: round(samples[0]?.ms ?? 0), baseRssMb, megabytes: round(bytes / 1e6) },
  }
}

/** What is measured: one list, signed; its length in octets. */
type MakeList = () => Promise<number>

/** Each makes ready, and says what there is to measure, and, where something has to be tidied up, how. */
type Way = (
  entries: number,
) => Promise<MakeList | { readonly makeList: MakeList; readonly close: () => Promise<void> }>

const ways: Readonly<Record<string, Way>> = {
  /** Records in memory storage: the first list sorts them all, the later ones only what came since. */
  async 'memory storage'(entries) {
    const storage = memoryStorage()
    const { authority, caId } = await authorityOver(storage)
    await fillMemory(storage, caId, entries)
    return async () => (await authority.publishCrl({ caId }, me)).der.length
  },

  /** A database that is there, in a schema of its own. */
  async Postgres(entries) {
    const pool = new pg.Pool({ connectionString: process.env['BENCH_DATABASE_URL'] })
    const schema = `crl_${process.pid}`
    await migrate(fromPool(pool), { schema })
    const { authority, caId } = await authorityOver(postgresStorage(fromPool(pool), { schema }))
    await fillPostgres(pool, { schema, caId }, entries)
    return {
      makeList: async () => (await authority.publishCrl({ caId }, me)).der.length,
      async close() {
        await pool.query(`DROP SCHEMA ${schema} CASCADE`)
        await pool.end()
      },
    }
  },

  /** What a database's cursor would give: entries that exist one at a time. */
  async 'streamed from storage'(entries) {
    async function* listCrlEntries(caId: string): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < entries; i += pageSize) {
        const length = Math.min(pageSize, entries - i)
        const page = Array.from({ length }, (_, j) => revocationOf(serialNumberAt(i + j), caId))
        yield Buffer.concat(page.map(({ entryDer }) => entryDer))
      }
    }
    const storage = Object.assign(memoryStorage(), { listCrlEntries })
    const { authority, caId } = await authorityOver(storage)
    return async () => (await authority.publishCrl({ caId }, me)).der.length
  },

  /** Entries that a storage has encoded when they came in: what is left to do is to join and sign. */
  async 'kept slabs'(entries) {
    const { authority, caId } = await authorityOver(memoryStorage())
    const issuer = parseCertificate(await authority.caCertificate(caId))
    const key = await platformCrypto.importSigningKey(
      (await platformCrypto.generateKeyPair('ECDSA-P256')).pkcs8Der,
    )
    const slabs: Uint8Array[] = []
    for (let i = 0; i < entries; i += pageSize) {
      const length = Math.min(pageSize, entries - i)
      const slab = Array.from({ length }, (_, j) => ({
        serialNumber: serialNumberAt(i + j),
        revocationDate: revokedAt,
        reason: 'keyCompromise' as const,
      }))
      slabs.push(encodeRevokedCertificates(slab))
    }
    return async () => {
      const { signatureAlgorithmDer } = issuer
      const list = { issuer: issuer.subject, thisUpdate: revokedAt, nextUpdate: notAfter, extensions: [] }
      const envelope = encodeTbsCertList({ ...list, signatureAlgorithmDer }, slabs)
      const { tbsDer } = envelope
      const signature = await key.sign('ECDSA-SHA256', tbsDer)
      return envelope.seal({ tbsDer, signatureAlgorithmDer, signature }).length
    }
  },

  async 'PKI.js 4'(entries) {
    const { authority, caId } = await authorityOver(memoryStorage())
    const issuerDer = new Uint8Array(await authority.caCertificate(caId))
    const p256 = { name: 'ECDSA', namedCurve: 'P-256' }
    const { privateKey } = await crypto.subtle.generateKey(p256, false, ['sign', 'verify'])
    const serialNumbers = Array.from({ length: entries }, (_, i) => octetsAt(i))
    return () => pkijsCrl({ issuerDer, signingKey: privateKey }, serialNumbers)
  },
}

async function authorityOver(storage: Storage) {
  const authority = createAuthority({ storage, custody: memoryCustody() })
  const { id: caId } = await authority.createRoot({ name: 'Bench Root' }, me)
  return { authority, caId }
}
