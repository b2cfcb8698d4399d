import { createHash } from 'node:crypto'
import { cRLNumber, crlEntries, findExtension, parseCrl } from '@certwright/core'
import type { HandedOut, ReadCrl, Revoked, StoredCertificate } from './ledger.js'

/* The REST API as a client speaks it. Whoever asks a process that is being killed gets no answer: `undefined`. */

/** Milliseconds, after which a request counts as not answered: the victim answers in less than a tenth of it. */
const answerLimit = 10_000

export interface Answer {
  readonly status: number
  /** `Certwright-Error` */
  readonly code: string | undefined
  /** Seconds. */
  readonly retryAfter: number
  readonly body: Body
}

/** What the answers of the API have that we read, if they have it. */
interface Body {
  readonly error?: string
  readonly certificate?: WireCertificate
  readonly certificates?: readonly WireCertificate[]
  readonly totalPages?: number
}

interface WireCertificate {
  readonly id: string
  readonly common_name: string
  readonly serial_number: string
  readonly certificate_pem: string
  readonly renewed_from: string | null
  readonly revoked_at: string | null
  readonly revocation_reason: string | null
}

interface ApiRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly method?: 'POST'
  readonly body?: string
}

export class Api {
  readonly #url: string
  readonly #apiKey: string

  constructor(url: string, apiKey: string) {
    this.#url = url
    this.#apiKey = apiKey
  }

  async get(path: string): Promise<Answer | undefined> {
    return this.#ask(path, { headers: {} })
  }

  async post(path: string, body: object, idempotencyKey?: string): Promise<Answer | undefined> {
    const headers = {
      'content-type': 'application/json',
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    }
    return this.#ask(path, { method: 'POST', headers, body: JSON.stringify(body) })
  }

  async crl(caId: string): Promise<ReadCrl | undefined> {
    const response = await this.#fetch(`/crl/${caId}`, { headers: {} })
    if (response === undefined) return undefined
    if (response.status !== 200) throw new Error(`the CRL is answered with ${response.status}`)
    const crl = parseCrl(response.bytes)
    const number = findExtension(crl.extensions, cRLNumber)
    if (number === undefined) throw new Error('the CRL has no number')
    const serialNumbers = new Set<string>()
    for (const { serialNumber } of crlEntries(crl)) serialNumbers.add(serialNumber)
    return { number, digest: createHash('sha256').update(response.bytes).digest('hex'), serialNumbers }
  }

  async #ask(path: string, request: ApiRequest): Promise<Answer | undefined> {
    const headers = { ...request.headers, authorization: `Bearer ${this.#apiKey}` }
    const response = await this.#fetch(path, { ...request, headers })
    if (response === undefined) return undefined
    return {
      status: response.status,
      code: response.headers.get('certwright-error') ?? undefined,
      retryAfter: Number(response.headers.get('retry-after') ?? 1),
      body: JSON.parse(new TextDecoder().decode(response.bytes)) as Body,
    }
  }

  /** An answer that was cut off on the way is none. */
  async #fetch(path: string, request: ApiRequest) {
    try {
      const signal = AbortSignal.timeout(answerLimit)
      const response = await fetch(`${this.#url}${path}`, { ...request, signal })
      const bytes = new Uint8Array(await response.arrayBuffer())
      return { status: response.status, headers: response.headers, bytes }
    } catch {
      return undefined
    }
  }
}

/** @throws {Error} an answer of another kind */
export function handedOut({ body: { certificate } }: Answer): HandedOut {
  if (certificate === undefined) throw new Error('the answer has no certificate')
  const { id, serial_number, certificate_pem } = certificate
  return { id, serialNumber: serial_number.toLowerCase(), pem: certificate_pem }
}

/** @throws {Error} an answer of another kind */
export function storedCertificate(answer: Answer): StoredCertificate {
  const { certificate } = answer.body
  if (certificate === undefined) throw new Error('the answer has no certificate')
  const { common_name, renewed_from } = certificate
  const revocation = revocationOf(answer)
  return {
    ...handedOut(answer),
    commonName: common_name,
    ...(renewed_from !== null && { renewedFrom: renewed_from }),
    ...(revocation !== undefined && { revocation }),
  }
}

export function revocationOf({ body: { certificate } }: Answer): Revoked | undefined {
  const { revoked_at: at, revocation_reason: reason } = certificate ?? {}
  return at && reason ? { at, reason } : undefined
}
