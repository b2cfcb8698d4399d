import { spawnSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createCertificateRequest, createName, pemEncode, platformCrypto } from '@certwright/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newFolder, serveJson } from '../cli/running-command.js'
import { missingPostgres, type PostgresServer, startPostgres } from './postgres-server.js'

/* Postgres is ended and started again while the built command issues: nobody restarts the command. */

const main = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))
const isForeign = process.env['DATABASE_URL'] !== undefined
const missing =
  missingPostgres() ?? (isForeign ? 'the server of DATABASE_URL is not ours to restart' : undefined)

/** As many as there are connections in the pool of the command. */
const clients = 16

/** Certificates for each: with what has to be asked for again below 120, the issue limit of one process and minute. */
const wanted = 4

/** Milliseconds between looks at the API. */
const lookInterval = 50

describe.skipIf(missing !== undefined)(
  `serve while Postgres restarts${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let server: PostgresServer
    beforeAll(async () => {
      server = await startPostgres()
    }, 120_000)
    afterAll(() => server.stop())

    it('answers 503 with Retry-After meanwhile, then goes on by itself and has lost nothing', async () => {
      const cwd = newFolder()
      const certwright = (...args: string[]) =>
        spawnSync(process.execPath, [main, ...args, '--database', server.url], { cwd, encoding: 'utf8' })
      expect(certwright('migrate').status).toBe(0)
      const running = await serveJson(['--database', server.url], { cwd })
      const ask = apiOf(running.ready)
      const csrPem = await createCsr()

      const handedOut = new Map<string, string>()
      const outages: Answer[] = []
      const client = async (number: number): Promise<void> => {
        for (let i = 0; i < wanted; ) {
          const commonName = `c${number}-${i}.example`
          const body = { caId: running.ready['issuingCaId'], mode: 'csr', csrPem, commonName }
          const answer = await ask('/v1/certificates', { body, key: commonName })
          const { certificate } = answer
          if (certificate !== undefined) handedOut.set(certificate.id, certificate.serial_number)
          else outages.push(answer)
          // A key that a lost request has taken stays taken for two minutes; its answer is not waited for.
          if (answer.status === 503) await wait(1000 * Number(answer.retryAfter))
          else i += 1
        }
      }
      const load = Promise.all(Array.from({ length: clients }, (_, number) => client(number)))
      while (handedOut.size < clients) await wait(5)
      const back = new AbortController()
      const look = async (): Promise<void> => {
        for (; !back.signal.aborted; await wait(lookInterval)) {
          const answer = await ask('/v1/whoami')
          if (answer.status !== 200) outages.push(answer)
        }
      }
      await Promise.all([server.restart().finally(() => back.abort()), look()])
      await load

      expect(outages.map(({ status }) => status)).toContain(503)
      for (const { status, retryAfter } of outages) {
        expect([409, 503]).toContain(status)
        expect(Number(retryAfter)).toBeGreaterThan(0)
      }
      for (const [id, serialNumber] of handedOut) {
        const { certificate } = await ask(`/v1/certificates/${id}`)
        expect(certificate).toMatchObject({ id, serial_number: serialNumber })
      }
      expect(new Set(handedOut.values()).size).toBe(handedOut.size)
      running.child.kill('SIGTERM')
      await running.ended
      expect(JSON.parse(certwright('doctor', '--json').stdout)).toMatchObject({ ok: true })
    }, 120_000)
  },
)

interface Answer {
  readonly status: number
  readonly retryAfter: string | null
  readonly certificate?: { readonly id: string; readonly serial_number: string }
}

const apiOf =
  ({ url, apiKey }: Record<string, string>) =>
  async (path: string, post?: { readonly body: object; readonly key: string }): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(post && { 'content-type': 'application/json', 'idempotency-key': post.key }),
      },
      ...(post && { method: 'POST', body: JSON.stringify(post.body) }),
    })
    const body = (await response.json()) as Pick<Answer, 'certificate'>
    return { status: response.status, retryAfter: response.headers.get('retry-after'), ...body }
  }

async function createCsr(): Promise<string> {
  const { pkcs8Der } = await platformCrypto.generateKeyPair('ECDSA-P256')
  const key = await platformCrypto.importSigningKey(pkcs8Der)
  const request = { subject: createName({}), subjectAltNames: [] }
  return pemEncode('CERTIFICATE REQUEST', await createCertificateRequest(request, key))
}
