import {
  type Authority,
  createAuthority,
  type KeyCustody,
  operator,
  type Rights,
  type Storage,
  type StorageTransaction,
} from '@certwright/core'
import { createHandler, type Handler, type HandlerOptions } from '@certwright/http'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { observePorts, type PortObserver } from '@certwright/testing'

/*
 * One hierarchy for all tests of the REST contract, over the real authority:
 *
 *   Production Root ── Issuing            ready
 *                   ├─ Short-lived        30 days; expired by moving the clock
 *                   ├─ Locked             its key has a passphrase
 *                   └─ Revoked            with one certificate from before
 *   Foreign Root                          of another workspace, on the free plan
 */

export const passphrase = 'correct horse battery staple'
export const absentId = '00000000-0000-4000-8000-000000000000'
export const startOfTime = '2026-03-01T12:00:00Z'
export const day = 86_400_000

const caller = { principal: operator('test') }
const all: Rights = { canRead: true, canIssue: true, canRevoke: true }
const none: Rights = { canRead: false, canIssue: false, canRevoke: false }

/** Low: the price of a guess is not what is tested here. */
const scrypt = { N: 2 ** 10, r: 8, p: 1 }

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly bytes: Uint8Array
  /** `{}` where the body is no JSON. */
  readonly json: Body
}

/** The fields of all answers; each has those of its endpoint, which documented-answers.test.ts holds it to. */
export interface Body {
  readonly error: string
  readonly certificate: CertificateBody
  readonly privateKey?: string
  readonly certificates: readonly CertificateBody[]
  readonly total: number
  readonly page: number
  readonly pageSize: number
  readonly totalPages: number
  readonly ca: CaBody
  readonly cas: readonly CaBody[]
  readonly chain: readonly string[]
}

export interface CertificateBody {
  readonly id: string
  readonly common_name: string
  readonly certificate_pem: string
  readonly san_dns: readonly string[]
  readonly san_ip: readonly string[]
  readonly key_algorithm: string
  readonly valid_from: string
  readonly valid_to: string
  readonly serial_number: string
  readonly revoked_at: string | null
  readonly revocation_reason: string | null
}

interface CaBody {
  readonly id: string
  readonly certificate_pem: string
  readonly valid_to: string
  readonly revoked_at: string | null
  readonly revocation_reason: string | null
}

export interface CallOptions {
  /** An API key; `null` sends no credential. Default: the one with all rights. */
  readonly key?: string | null
  /** A string or bytes go out as they are, everything else as JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export type Pki = Awaited<ReturnType<typeof createPki>>

/** @param observe is told of every call of the storage port */
export async function createPki(options: HandlerOptions = {}, observe: PortObserver = () => undefined) {
  const clock = movableClock(startOfTime)
  const storage = recordedStorage(observePorts({ storage: memoryStorage() }, observe).storage)
  const custody = gatedCustody(memoryCustody({ scrypt }))
  const distribution = { baseUrl: 'http://pki.test' }
  const authority = createAuthority({ storage, custody, clock, distribution })
  const handler = createHandler(authority, { rateLimits: false, now: clock.now, ...options })
  const cas = await createCas(authority, clock)
  const keys = await createKeys(authority, cas, clock.now())
  await authority.issue({ caId: cas.revoked, commonName: 'early.example.com' }, caller)
  await authority.revokeCa({ caId: cas.revoked, reason: 'cessationOfOperation' }, caller)
  clock.advance(1000)
  const call = callerOf(handler, keys.full.secret)
  return {
    authority,
    operator: caller,
    storage,
    custody,
    clock,
    handler,
    cas,
    keys,
    call,
    /** Everything that the storage port shows, and how much was written, for "the store is unchanged". */
    snapshot: () => snapshot(storage, clock.now()),
    /** The body of a request that is granted, with changes. */
    managed: (change: object = {}) => ({ caId: cas.issuing, commonName: 'api.example.com', ...change }),
    async issue(change: object = {}): Promise<CertificateBody> {
      const { status, json } = await call('POST', '/v1/certificates', {
        body: { caId: cas.issuing, commonName: 'api.example.com', ...change },
      })
      if (status !== 200) throw new Error(`The test's own certificate was refused: ${JSON.stringify(json)}`)
      return json.certificate
    },
  }
}

async function createCas(authority: Authority, clock: ReturnType<typeof movableClock>) {
  const workspace = await authority.createWorkspace({ name: 'My Workspace', plan: 'pro' }, caller)
  const elsewhere = await authority.createWorkspace({ name: 'Elsewhere', plan: 'free' }, caller)
  const subject = { organization: 'Acme Corp', country: 'US', state: 'California', locality: 'San Francisco' }
  const root = await authority.createRoot(
    { name: 'Production Root CA', workspaceId: workspace.id, keyAlgorithm: 'ECDSA-P384', subject },
    caller,
  )
  const below = async (name: string, change: object = {}): Promise<string> => {
    // Lists are sorted by the second of creation.
    clock.advance(1000)
    const request = {
      name,
      parentCaId: root.id,
      pathLength: 0,
      subject: { organization: 'Acme Corp' },
      ...change,
    }
    return (await authority.createIntermediate(request, caller)).id
  }
  return {
    workspaceId: workspace.id,
    foreignWorkspaceId: elsewhere.id,
    root: root.id,
    issuing: await below('Issuing'),
    shortLived: await below('Short-lived', { validityDays: 30 }),
    locked: await below('Locked', { passphrase }),
    revoked: await below('Revoked'),
    foreign: (await authority.createRoot({ name: 'Foreign Root', workspaceId: elsewhere.id }, caller)).id,
  }
}

async function createKeys(authority: Authority, cas: Awaited<ReturnType<typeof createCas>>, now: Date) {
  const { workspaceId, foreignWorkspaceId, root, issuing, shortLived, locked, revoked, foreign } = cas
  const user = await authority.createUser({ email: 'user@example.com' }, caller)
  const onIssuing = (name: string, rights: Partial<Rights>, expiresAt?: Date) =>
    authority.createApiKey(
      {
        workspaceId,
        userId: user.id,
        name,
        grants: { [issuing]: { ...none, ...rights } },
        ...(expiresAt && { expiresAt }),
      },
      caller,
    )
  const caIds = [root, issuing, shortLived, locked, revoked]
  return {
    full: await authority.createApiKey(
      { workspaceId, userId: user.id, name: 'Production Key', caIds },
      caller,
    ),
    readOnly: await onIssuing('read', { canRead: true }),
    issueOnly: await onIssuing('issue', { canIssue: true }),
    revokeOnly: await onIssuing('revoke', { canRevoke: true }),
    expiring: await onIssuing('for an hour', all, new Date(now.getTime() + 3_600_000)),
    /** Everything on one CA, nothing on the others of the same workspace. */
    lockedOnly: await authority.createApiKey(
      { workspaceId, userId: user.id, name: 'locked', caIds: [locked] },
      caller,
    ),
    foreign: await authority.createApiKey(
      { workspaceId: foreignWorkspaceId, userId: user.id, name: 'foreign', caIds: [foreign] },
      caller,
    ),
  }
}

function callerOf(handler: Handler, defaultKey: string) {
  return async (method: string, path: string, options: CallOptions = {}): Promise<Answer> => {
    const { key = defaultKey, body, headers = {} } = options
    const isRaw = typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream
    const init: RequestInit & { duplex?: 'half' } = {
      method,
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body instanceof ReadableStream && { duplex: 'half' }),
      // The cast: BodyInit wants to know which buffer is below the bytes.
      ...(body !== undefined && { body: (isRaw ? body : JSON.stringify(body)) as BodyInit }),
    }
    const response = await handler(new Request(`http://pki.test${path}`, init), {
      remoteAddress: '192.0.2.1',
    })
    const bytes = new Uint8Array(await response.arrayBuffer())
    const text = new TextDecoder().decode(bytes)
    const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== ''
    // The cast: an answer of another shape fails the assertion that looks at it.
    const json = (isJson ? JSON.parse(text) : {}) as Body
    return { status: response.status, headers: response.headers, text, bytes, json }
  }
}

function movableClock(start: string) {
  let time = Date.parse(start)
  return {
    now: () => new Date(time),
    advance(milliseconds: number): void {
      time += milliseconds
    },
    setTo(iso: string): void {
      time = Date.parse(iso)
    },
  }
}

/** Counts the writes: a reservation that was spent for nothing shows in no list. */
function recordedStorage(storage: Storage) {
  const writes: string[] = []
  const isWrite = /^(insert|append|claim|close|complete|release|set|next|acknowledge)/
  const watched = (tx: StorageTransaction): StorageTransaction =>
    new Proxy(tx, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        return (...args: unknown[]): unknown => {
          if (isWrite.test(String(name))) writes.push(String(name))
          return member.apply(target, args)
        }
      },
    })
  return new Proxy(storage, {
    get(target, name) {
      if (name === 'writes') return writes
      if (name === 'transaction') {
        return (work: (tx: StorageTransaction) => Promise<unknown>) =>
          target.transaction((tx) => work(watched(tx)))
      }
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
    // The cast: what the trap above answers to.
  }) as Storage & { readonly writes: readonly string[] }
}

/** `beforeSign` runs before each signature: to hold it up, or to fail it. */
function gatedCustody(custody: KeyCustody) {
  const gate = { beforeSign: async (): Promise<void> => undefined }
  return {
    gate,
    generateKey: (request: Parameters<KeyCustody['generateKey']>[0]) => custody.generateKey(request),
    importKey: (request: Parameters<KeyCustody['importKey']>[0]) => custody.importKey(request),
    checkPassphrase: (request: Parameters<KeyCustody['checkPassphrase']>[0]) =>
      custody.checkPassphrase(request),
    destroyKey: (keyId: string) => custody.destroyKey(keyId),
    async sign(request: Parameters<KeyCustody['sign']>[0]) {
      await gate.beforeSign()
      return custody.sign(request)
    },
  }
}

async function snapshot(storage: Storage & { readonly writes: readonly string[] }, now: Date) {
  const cas = await storage.listCas({ includeRevoked: true })
  const certificates = []
  for (let page = 1, total = 1; certificates.length < total; page++) {
    const found = await storage.listCertificates({ now }, { page, pageSize: 100 })
    certificates.push(...found.items)
    total = found.total
  }
  const serials = [...cas.map((ca) => ({ ...ca, caId: ca.parentCaId ?? ca.id })), ...certificates]
  return {
    writes: storage.writes.length,
    cas,
    certificates,
    serials: await Promise.all(
      serials.map(({ caId, serialNumber }) => storage.findSerial(caId, serialNumber)),
    ),
    revocations: await Promise.all(cas.map(({ id }) => collect(storage.listRevocations(id)))),
    crls: await Promise.all(cas.map(({ id }) => storage.crlState(id, 'complete'))),
    auditEvents: await storage.listAuditEvents({}, 10_000),
    outboxEvents: await storage.listOutboxEvents(10_000),
  }
}

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of stream) items.push(item)
  return items
}
