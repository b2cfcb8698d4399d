import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Credentials } from './sign-request.js'

/* For the test: as much of an S3 as is asked for, which believes nobody whose signature it cannot make itself. */

export interface StoredObject {
  readonly body: Buffer
  readonly headers: IncomingMessage['headers']
  readonly etag: string
}

export async function startFakeS3(credentials: Credentials) {
  const objects = new Map<string, StoredObject>()
  const refused: string[] = []
  /** Called before an object is put: a chance for somebody else to be faster. */
  const hooks: { beforePut?: () => void } = {}
  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const path = incoming.url ?? ''
    if (!isSignedBy(incoming, body, credentials)) {
      refused.push(`${incoming.method} ${path}`)
      outgoing.writeHead(403).end()
      return
    }
    if (incoming.method === 'PUT') hooks.beforePut?.()
    const there = objects.get(path)
    if (incoming.method === 'HEAD') {
      const number = there?.headers['x-amz-meta-crl-number']
      outgoing.writeHead(there ? 200 : 404, {
        ...(there && { etag: there.etag, 'x-amz-meta-crl-number': number }),
      })
    } else if (
      incoming.headers['if-none-match'] === '*' ? there : incoming.headers['if-match'] !== there?.etag
    ) {
      outgoing.writeHead(412)
    } else {
      objects.set(path, { body, headers: incoming.headers, etag: `"${sha256(body)}"` })
      outgoing.writeHead(200)
    }
    outgoing.end()
  }
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}/my-pki`, objects, refused, hooks, close }
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest()

/** From the request as it came, by the steps of the specification. */
function isSignedBy(
  incoming: IncomingMessage,
  body: Buffer,
  { accessKeyId, secretAccessKey, region }: Credentials,
) {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/
  const [, id, day = '', itsRegion, names = '', signature] =
    form.exec(incoming.headers.authorization ?? '') ?? []
  if (id !== accessKeyId || itsRegion !== region) return false
  const payloadHash = incoming.headers['x-amz-content-sha256'] ?? sha256(body)
  if (payloadHash !== sha256(body)) return false
  const lines = names.split(';').map((name) => `${name}:${String(incoming.headers[name]).trim()}\n`)
  const canonical = `${incoming.method}\n${incoming.url}\n\n${lines.join('')}\n${names}\n${payloadHash}`
  const time = String(incoming.headers['x-amz-date'])
  const scope = `${day}/${region}/s3/aws4_request`
  const dayKey = hmac(`AWS4${secretAccessKey}`, day)
  const key = hmac(hmac(hmac(dayKey, region), 's3'), 'aws4_request')
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`
  return time.startsWith(day) && hmac(key, toSign).toString('hex') === signature
}
