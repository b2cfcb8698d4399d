import type {
  ApiKey,
  CaRecord,
  CertificateRecord,
  IdempotencyRecord,
  Reservation,
  Revocation,
  SerialNumber,
  Storage,
  StorageTransaction,
  User,
  Workspace,
} from '@certwright/core'

/* Records for the tests: complete, plausible, and different where the test says so. */

export const at = (time: string): Date => new Date(`2026-${time}Z`)
export const now = at('03-01T12:00:00')
export const serial = (hex: string): SerialNumber => hex as SerialNumber

/** One transaction with a single write. */
export const write = <T>(storage: Storage, work: (tx: StorageTransaction) => Promise<T>): Promise<T> =>
  storage.transaction(work)

export const workspace = (change: Partial<Workspace> = {}): Workspace => ({
  id: 'w1',
  name: 'Example',
  slug: 'example',
  plan: 'pro',
  createdAt: now,
  ...change,
})

export const user = (change: Partial<User> = {}): User => ({
  id: 'u1',
  email: 'ada@example.org',
  createdAt: now,
  ...change,
})

export const apiKey = (change: Partial<ApiKey> = {}): ApiKey => ({
  id: 'k1',
  workspaceId: 'w1',
  userId: 'u1',
  name: 'deploy',
  prefix: 'cw_1234',
  secretHash: 'ab'.repeat(32),
  grants: new Map([['ca1', { canRead: true, canIssue: true, canRevoke: false }]]),
  createdAt: now,
  ...change,
})

export const ca = (change: Partial<CaRecord> = {}): CaRecord => ({
  id: 'ca1',
  workspaceId: 'w1',
  name: 'Root',
  depth: 0,
  certificateDer: Uint8Array.of(0x30, 0x01, 0x00),
  externalChainDer: [],
  serialNumber: serial('01'),
  notBefore: at('01-01T00:00:00'),
  notAfter: at('12-31T23:59:59'),
  keyAlgorithm: 'ECDSA-P256',
  keyId: 'key1',
  hasPassphrase: false,
  createdAt: now,
  ...change,
})

export const certificate = (change: Partial<CertificateRecord> = {}): CertificateRecord => ({
  id: 'c1',
  workspaceId: 'w1',
  caId: 'ca1',
  serialNumber: serial('0a'),
  mode: 'managed',
  profile: 'serverAuth',
  commonName: 'db.example.org',
  sanDns: ['db.example.org'],
  sanIp: [],
  sanEmail: [],
  sanUri: [],
  keyAlgorithm: 'ECDSA-P256',
  spkiHash: 'cd'.repeat(32),
  certificateDer: Uint8Array.of(0x30, 0x00),
  notBefore: at('01-01T00:00:00'),
  notAfter: at('06-01T00:00:00'),
  createdAt: now,
  ...change,
})

export const reservation = (change: Partial<Reservation> = {}): Reservation => ({
  id: 'c1',
  caId: 'ca1',
  serialNumber: serial('0a'),
  kind: 'certificate',
  tbsHash: 'ef'.repeat(32),
  notAfter: at('06-01T00:00:00'),
  reservedAt: now,
  ...change,
})

export const revocation = (change: Partial<Revocation> = {}): Revocation => ({
  caId: 'ca1',
  serialNumber: serial('0a'),
  revokedAt: now,
  reason: 'keyCompromise',
  notAfter: at('06-01T00:00:00'),
  entryDer: Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x0a),
  ...change,
})

/** The subject of a first revocation. */
export const first = (id: string) => ({ id, replacesHold: false })

export const idempotencyRecord = (change: Partial<IdempotencyRecord> = {}): IdempotencyRecord => ({
  scope: 'k1 issue ca1',
  keyHash: '12'.repeat(32),
  requestHash: '34'.repeat(32),
  certificateId: 'c1',
  state: 'running',
  liveUntil: at('03-01T12:01:00'),
  ...change,
})

export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of stream) items.push(item)
  return items
}
