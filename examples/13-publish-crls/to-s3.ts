import type { CrlPublisher, CrlRecord } from '@certwright/core'
import { type Credentials, signedHeaders } from './sign-request.js'

export interface Bucket extends Credentials {
  /** With the bucket in it: `https://s3.eu-central-1.amazonaws.com/my-pki`, `http://minio:9000/my-pki`. */
  readonly url: string
  /** Default: the platform's. */
  readonly fetch?: typeof fetch
  readonly now?: () => Date
}

/** A CDN may keep a list for so long: a revocation that nobody hears of before tomorrow is none. */
const maximumAgeSeconds = 300
/** Publishers that cross, each time in a row. */
const maximumAttempts = 5

/**
 * CRLs as objects, under the paths that certificates have: put `distribution.baseUrl` on the bucket, or on a CDN before it.
 * As many processes as there are may publish: an object is replaced only by a list with a higher number, and only if nobody
 * else has replaced it since we looked.
 */
export function toS3(bucket: Bucket): CrlPublisher {
  return {
    async publish(crl) {
      for (let attempt = 1; attempt <= maximumAttempts; attempt++) {
        const there = await look(bucket, crl)
        if (there.number >= crl.number) return
        if (await put(bucket, crl, there.etag)) return
      }
      throw new Error(`Cannot put ${keyOf(crl)}: other publishers came first each time`)
    },
  }
}

const keyOf = ({ caId, scope }: CrlRecord): string => `crl/${caId}${scope === 'complete' ? '' : `/${scope}`}`

async function look(bucket: Bucket, crl: CrlRecord): Promise<{ number: number; etag?: string }> {
  const response = await send(bucket, crl, { method: 'HEAD' })
  if (response.status === 404) return { number: 0 }
  if (!response.ok) throw new Error(`Cannot look at ${keyOf(crl)}: the storage says ${response.status}`)
  const etag = response.headers.get('etag')
  const number = Number(response.headers.get('x-amz-meta-crl-number') ?? 0)
  return etag === null ? { number } : { number, etag }
}

/** @returns false: somebody has been faster */
async function put(bucket: Bucket, crl: CrlRecord, replaced: string | undefined): Promise<boolean> {
  const left = Math.floor((crl.nextUpdate.getTime() - crl.thisUpdate.getTime()) / 1000)
  const response = await send(bucket, crl, {
    method: 'PUT',
    body: crl.der,
    headers: {
      'cache-control': `public, max-age=${Math.min(left, maximumAgeSeconds)}, no-transform`,
      'content-type': 'application/pkix-crl',
      'x-amz-meta-crl-number': String(crl.number),
      ...(replaced === undefined ? { 'if-none-match': '*' } : { 'if-match': replaced }),
    },
  })
  // 412: another object is there; 409: somebody else is writing it just now.
  if (response.status === 412 || response.status === 409) return false
  if (!response.ok) throw new Error(`Cannot put ${keyOf(crl)}: the storage says ${response.status}`)
  return true
}

async function send(
  bucket: Bucket,
  crl: CrlRecord,
  {
    method,
    headers = {},
    body = new Uint8Array(),
  }: { method: string; headers?: Record<string, string>; body?: Uint8Array },
): Promise<Response> {
  const url = new URL(`${bucket.url}/${keyOf(crl)}`)
  const now = bucket.now?.() ?? new Date()
  const { host: _host, ...signed } = signedHeaders({ method, url, headers, body }, bucket, now)
  const init =
    method === 'HEAD' ? { method, headers: signed } : { method, headers: signed, body: new Uint8Array(body) }
  return (bucket.fetch ?? fetch)(url, init)
}
