import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Random } from '../fuzz/random.js'
import { type Answer, type Api, handedOut, revocationOf } from './api.js'
import type { Ledger, Mark } from './ledger.js'

/*
 * Clients that issue, renew and revoke, and that try again what was not answered: under the same idempotency key, for as many
 * lives of the victim as it takes.
 */

/** As many requests as are on their way at once. */
const clients = 8

/** Milliseconds in which a client that may ask nothing looks again. */
const idleInterval = 20

/** Doublings of the time that the server names: 32 seconds where it names one. A key may be taken for two minutes. */
const maximumDoublings = 5

/** What is asked for, so often of ten times. */
const mixture = [
  'issue',
  'issue',
  'issue',
  'issue',
  'renew',
  'renew',
  'revoke',
  'revoke',
  'revoke',
  'crl',
] as const

const reasons = ['unspecified', 'keyCompromise', 'superseded', 'cessationOfOperation'] as const

type Job = (
  | { readonly kind: 'issue'; readonly key: string; readonly mark: Mark & { readonly commonName: string } }
  | { readonly kind: 'renew'; readonly key: string; readonly mark: Mark & { readonly renewedFrom: string } }
  | { readonly kind: 'revoke'; readonly certificateId: string; readonly reason: string }
) & {
  /** Milliseconds since 1970: the server has said to come back then. */
  notBefore: number
  /** How often the server has said so. */
  refusals: number
}

const unasked = { notBefore: 0, refusals: 0 } as const

/** One process of the victim, from its start to its end. */
export interface Life {
  readonly api: Api
  readonly caId: string
  /** Set with the kill: what is sent afterwards would be sent to nobody. */
  isOver: boolean
  /** Ids of the certificates that were handed out in it. */
  readonly handedOut: string[]
}

export class Load {
  requests = 0
  answered = 0
  readonly #ledger: Ledger
  readonly #random: Random
  readonly #csrPem: string
  #pending: Job[] = []
  /** Ids of certificates that nobody has begun to renew or revoke. */
  readonly #fresh: string[] = []
  /** Ids of those that were renewed: a certificate is renewed once, so that a renewal is known by it. */
  readonly #renewed: string[] = []

  constructor(ledger: Ledger, random: Random, csrPem: string) {
    this.#ledger = ledger
    this.#random = random
    this.#csrPem = csrPem
  }

  /** Requests that are still to be answered. */
  get pending(): number {
    return this.#pending.length
  }

  /** Until the life is over. @throws {Error} an answer that nobody may get */
  async run(life: Life): Promise<void> {
    await this.#runClients(life, async () => {
      const job = this.#takePending() ?? this.#newJob()
      if (job === 'crl') await this.readCrl(life)
      else await this.#perform(job, life)
    })
  }

  /** Nothing but what is pending, until all of it is answered. */
  async settle(life: Life): Promise<void> {
    let underWay = 0
    await this.#runClients(life, async () => {
      const job = this.#takePending()
      if (job !== undefined) {
        underWay += 1
        await this.#perform(job, life)
        underWay -= 1
      } else if (this.#pending.length + underWay === 0) life.isOver = true
      else await wait(idleInterval)
    })
  }

  async readCrl({ api, caId }: Life): Promise<void> {
    const asked = this.#ledger.now()
    const crl = await this.#count(api.crl(caId))
    if (crl !== undefined) this.#ledger.readCrl(crl, asked)
  }

  async #runClients(life: Life, step: () => Promise<void>): Promise<void> {
    const client = async (): Promise<void> => {
      while (!life.isOver) await step()
    }
    await Promise.all(Array.from({ length: clients }, client))
  }

  #takePending(): Job | undefined {
    const now = Date.now()
    const index = this.#pending.findIndex(({ notBefore }) => notBefore <= now)
    return index < 0 ? undefined : this.#pending.splice(index, 1)[0]
  }

  #newJob(): Job | 'crl' {
    const kind = this.#random.pick(mixture)
    if (kind === 'crl') return 'crl'
    if (kind === 'revoke') {
      const certificateId = this.#take(this.#renewed) ?? this.#take(this.#fresh)
      if (certificateId !== undefined) {
        return { kind, certificateId, reason: this.#random.pick(reasons), ...unasked }
      }
    }
    const key = randomUUID()
    const renewedFrom = kind === 'renew' ? this.#take(this.#fresh) : undefined
    return renewedFrom === undefined
      ? { kind: 'issue', key, mark: { commonName: `${key}.example` }, ...unasked }
      : { kind: 'renew', key, mark: { renewedFrom }, ...unasked }
  }

  #take(ids: string[]): string | undefined {
    return ids.length === 0 ? undefined : ids.splice(this.#random.below(ids.length), 1)[0]
  }

  async #perform(job: Job, life: Life): Promise<void> {
    if (job.kind !== 'revoke') this.#ledger.asked(job.key, job.mark)
    const answer = await this.#count(this.#send(job, life))
    if (answer === undefined) this.#pending.push(job)
    else if (answer.status === 200) this.#keep(job, answer, life)
    else if (job.kind === 'revoke' && answer.code === 'already_revoked') {
      this.#ledger.revoked(job.certificateId, undefined)
    } else if (mayRetry(answer)) {
      const doublings = Math.min(job.refusals++, maximumDoublings)
      job.notBefore = Date.now() + answer.retryAfter * 1000 * 2 ** doublings
      this.#pending.push(job)
    } else throw new Error(`${job.kind} is answered with ${answer.status}: ${answer.body.error}`)
  }

  #send(job: Job, { api, caId }: Life): Promise<Answer | undefined> {
    const csrPem = this.#csrPem
    switch (job.kind) {
      case 'issue':
        return api.post('/v1/certificates', { caId, mode: 'csr', csrPem, ...job.mark }, job.key)
      case 'renew':
        return api.post(`/v1/certificates/${job.mark.renewedFrom}/renew`, { csrPem }, job.key)
      case 'revoke':
        return api.post(`/v1/certificates/${job.certificateId}/revoke`, { reason: job.reason })
    }
  }

  #keep(job: Job, answer: Answer, life: Life): void {
    if (job.kind === 'revoke') {
      this.#ledger.revoked(job.certificateId, revocationOf(answer))
      return
    }
    const certificate = handedOut(answer)
    this.#ledger.answered(job.key, certificate)
    life.handedOut.push(certificate.id)
    this.#fresh.push(certificate.id)
    if (job.kind === 'renew') this.#renewed.push(job.mark.renewedFrom)
  }

  async #count<T>(request: Promise<T | undefined>): Promise<T | undefined> {
    this.requests += 1
    const answer = await request
    if (answer !== undefined) this.answered += 1
    return answer
  }
}

/** 409: the key is taken by the request that was not answered. 503: the server says that it cannot now. */
const mayRetry = ({ status, code }: Answer): boolean => status === 503 || code === 'idempotency_in_progress'
