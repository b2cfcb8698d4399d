import {
  type Authority,
  type CertificateInfo,
  createAuthority,
  createCertificateRequest,
  createName,
  hasCode,
  operator,
  pemEncode,
  platformCrypto,
  type Storage,
} from '@certwright/core'
import { keyEncryptionKey, sealedCustody } from '@certwright/custody'
import { fromPool, migrate, postgresKeyStore, postgresStorage } from '@certwright/postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkStore } from '../../packages/cli/src/doctor/check-store.js'
import { movableClock } from '../flows/setting.js'
import { type CuttingProxy, type Loss, startCuttingProxy } from './cutting-proxy.js'
import { missingPostgres, type PostgresServer, startPostgres } from './postgres-server.js'

/*
 * The connection is lost at each message of an issuance, a renewal and a revocation in turn, before the server hears the
 * question or after it has answered. Whoever asks then asks again, as a client does.
 */

const missing = missingPostgres()
const me = { principal: operator('tests') }
const kek = keyEncryptionKey(new Uint8Array(32).fill(7))
const schema = `cut${process.pid}`

/** Longer than a request keeps its idempotency key without an answer. */
const lease = 121

describe.skipIf(missing !== undefined)(
  `a connection that is lost${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let server: PostgresServer
    let proxy: CuttingProxy
    /** Of the one who looks, not by way of the proxy. */
    let direct: pg.Pool
    /** Of the authority. One connection, so that messages come one after another. */
    let cut: pg.Pool
    let csrPem: string
    let caId: string
    const clock = movableClock()
    const looking = (): Storage => postgresStorage(fromPool(direct), { schema })

    /** A new one each time: its first call asks more than the later ones. */
    function authorityBehindProxy(): Authority {
      const executor = fromPool(cut)
      const keys = postgresKeyStore(executor, { schema })
      const custody = sealedCustody({ keys, keyEncryptionKey: kek })
      return createAuthority({ storage: postgresStorage(executor, { schema }), custody, clock })
    }

    beforeAll(async () => {
      server = await startPostgres()
      proxy = await startCuttingProxy(server.url)
      direct = new pg.Pool({ connectionString: server.url, max: 4 })
      cut = new pg.Pool({ connectionString: proxy.url, max: 1 })
      // A connection that broke while nobody used it.
      cut.on('error', () => undefined)
      await migrate(fromPool(direct), { schema })
      csrPem = await createCsr()
      const root = await authorityBehindProxy().createRoot({ name: 'Root', keyAlgorithm: 'Ed25519' }, me)
      caId = root.id
    }, 120_000)
    afterAll(async () => {
      await cut.end()
      await direct.end()
      await proxy.stop()
      await server.stop()
    })

    let names = 0
    const newName = (): string => `n${names++}.example.org`

    const issue = async (commonName: string): Promise<CertificateInfo> => {
      const { certificate } = await authorityBehindProxy().issue(
        { caId, mode: 'csr', csrPem, commonName },
        { ...me, idempotencyKey: commonName },
      )
      return certificate
    }

    const renew = async (certificateId: string): Promise<CertificateInfo> => {
      const { certificate } = await authorityBehindProxy().renew(
        { certificateId, csrPem },
        { ...me, idempotencyKey: certificateId },
      )
      return certificate
    }

    const revoke = (certificateId: string): Promise<CertificateInfo> =>
      authorityBehindProxy().revoke({ certificateId, reason: 'superseded' }, me)

    const certificatesNamed = async (search: string) =>
      (await looking().listCertificates({ search, now: clock.now() }, { page: 1, pageSize: 100 })).items

    const losses: readonly Loss[] = ['question', 'answer']

    it.each(losses)(
      'with a %s of an issuance leaves one certificate',
      async (loss) => {
        await atEachQuestion(loss, async (withLoss) => {
          const name = newName()
          const first = await withLoss(() => issue(name))
          const second = await again(() => issue(name))
          if (first !== undefined) expect(second).toEqual(first)
          expect((await certificatesNamed(name)).map(({ id }) => id)).toEqual([second.id])
        })
      },
      60_000,
    )

    it.each(losses)(
      'with a %s of a renewal leaves one new certificate',
      async (loss) => {
        await atEachQuestion(loss, async (withLoss) => {
          const name = newName()
          const { id } = await issue(name)
          const first = await withLoss(() => renew(id))
          const second = await again(() => renew(id))
          if (first !== undefined) expect(second).toEqual(first)
          const found = await certificatesNamed(name)
          expect(new Set(found.map((certificate) => certificate.id))).toEqual(new Set([id, second.id]))
        })
      },
      60_000,
    )

    it.each(losses)(
      'with a %s of a revocation leaves one entry of the status log',
      async (loss) => {
        await atEachQuestion(loss, async (withLoss) => {
          const { id, serialNumber } = await issue(newName())
          const before = await looking().crlState(caId, 'complete')
          const first = await withLoss(() => revoke(id))
          const second = await revoke(id).catch((error: unknown) => error)
          if (first !== undefined || second instanceof Error)
            expect(hasCode(second, 'already_revoked')).toBe(true)
          const { revocationCount } = await looking().crlState(caId, 'complete')
          expect(revocationCount).toBe(before.revocationCount + 1)
          const status = await looking().findSerial(caId, serialNumber)
          expect(status?.revocation?.reason).toBe('superseded')
        })
      },
      60_000,
    )

    it('leaves a store in which the doctor finds nothing wrong', async () => {
      const keys = postgresKeyStore(fromPool(direct), { schema })
      const patient = { storage: looking(), keys, keyEncryptionKey: kek, progress: () => undefined }
      const errors = []
      for await (const found of checkStore(patient)) if (found.level === 'error') errors.push(found)
      expect(errors).toEqual([])
    })

    /**
     * One scene for each question of a run that nothing happens to.
     *
     * @param scene runs the operation with the loss; what it gives back is absent where the operation failed
     */
    async function atEachQuestion(
      loss: Loss,
      scene: (withLoss: <T>(operation: () => Promise<T>) => Promise<T | undefined>) => Promise<void>,
    ): Promise<void> {
      let questions = 1
      for (let question = -1; question < questions; question++) {
        await scene(async (operation) => {
          // A pool of one may still hold the connection that the last scene has lost.
          await again(() => authorityBehindProxy().getCa(caId, me))
          const cutsBefore = proxy.cuts()
          proxy.cut({ question, loss })
          const answer = await operation().catch(onlyUnavailable)
          if (question < 0) questions = proxy.questions()
          expect(proxy.cuts() - cutsBefore).toBe(question < 0 ? 0 : 1)
          proxy.cut(undefined)
          return answer
        })
      }
      expect(questions).toBeGreaterThan(4)
    }

    /** As a client does: at once, and once more when the key is free again. */
    async function again<T>(operation: () => Promise<T>): Promise<T> {
      try {
        return await operation()
      } catch (error) {
        if (!hasCode(error, 'idempotency_in_progress')) onlyUnavailable(error)
        clock.forward(lease)
        return operation()
      }
    }
  },
)

/** The one error that a lost connection may come to. */
function onlyUnavailable(error: unknown): undefined {
  expect(error).toMatchObject({ code: 'storage_unavailable', context: { retryable: true } })
}

async function createCsr(): Promise<string> {
  const { pkcs8Der } = await platformCrypto.generateKeyPair('Ed25519')
  const key = await platformCrypto.importSigningKey(pkcs8Der)
  const request = { subject: createName({}), subjectAltNames: [] }
  return pemEncode('CERTIFICATE REQUEST', await createCertificateRequest(request, key))
}
