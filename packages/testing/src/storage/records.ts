import type {
  ApiKey,
  CaRecord,
  CertificateRecord,
  CrlRecord,
  EventType,
  IdempotencyRecord,
  OcspResponder,
  Reservation,
  Revocation,
  SerialNumber,
  Storage,
  StorageTransaction,
  User,
  Workspace,
} from '@certwright/core'

/* Records for the laws: complete, plausible, and different where the law says so. */

export const at = (time: string): Date => new Date(`2026-${time}Z`)
export const now = at('03-01T12:00:00')
export const serial = (hex: string): SerialNumber => hex as SerialNumber

/**
 * A UUID that reads as its name, of up to 12 characters: ids sort as their names do.
 */
export function id(name: string): string {
  const hex = [...new TextEncoder().encode(name)].map((octet) => octet.toString(16).padStart(2, '0')).join('')
  const digits = hex.padEnd(24, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4000-8000-${digits.slice(12)}`
}

/** A hash of 64 digits that a number tells. */
export const hashOfNumber = (number: number): string => number.toString(16).padStart(64, '0')

/** One transaction with a single write. */
export const write = <T>(storage: Storage, work: (tx: StorageTransaction) => Promise<T>): Promise<T> =>
  storage.transaction(work)

export const workspace = (change: Partial<Workspace> = {}): Workspace => ({
  id: id('w1'),
  name: 'Example',
  slug: 'example',
  plan: 'pro',
  createdAt: now,
  ...change,
})

export const user = (change: Partial<User> = {}): User => ({
  id: id('u1'),
  email: 'ada@example.org',
  createdAt: now,
  ...change,
})

export const apiKey = (change: Partial<ApiKey> = {}): ApiKey => ({
  id: id('k1'),
  workspaceId: id('w1'),
  userId: id('u1'),
  name: 'deploy',
  prefix: 'cw_1234',
  secretHash: 'ab'.repeat(32),
  grants: new Map([[id('ca1'), { canRead: true, canIssue: true, canRevoke: false }]]),
  createdAt: now,
  ...change,
})

export const ca = (change: Partial<CaRecord> = {}): CaRecord => ({
  id: id('ca1'),
  workspaceId: id('w1'),
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

export const ocspResponder = (change: Partial<OcspResponder> = {}): OcspResponder => ({
  keyId: 'responder',
  keyAlgorithm: 'ECDSA-P256',
  certificateDer: Uint8Array.of(7),
  notBefore: now,
  notAfter: now,
  ...change,
})

export const certificate = (change: Partial<CertificateRecord> = {}): CertificateRecord => ({
  id: id('c1'),
  workspaceId: id('w1'),
  caId: id('ca1'),
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
  id: id('c1'),
  caId: id('ca1'),
  serialNumber: serial('0a'),
  kind: 'certificate',
  tbsHash: 'ef'.repeat(32),
  notAfter: at('06-01T00:00:00'),
  reservedAt: now,
  ...change,
})

export const revocation = (change: Partial<Revocation> = {}): Revocation => ({
  caId: id('ca1'),
  serialNumber: serial('0a'),
  revokedAt: now,
  reason: 'keyCompromise',
  notAfter: at('06-01T00:00:00'),
  entryDer: Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x0a),
  ...change,
})

/** The subject of a first revocation. */
export const first = (name: string) => ({ id: id(name), replacesHold: false })

export const crl = (change: Partial<CrlRecord> & { readonly number: number }): CrlRecord => ({
  caId: id('ca1'),
  scope: 'complete',
  thisUpdate: now,
  nextUpdate: at('03-02T12:00:00'),
  der: Uint8Array.of(change.number),
  revocationCount: 0,
  ...change,
})

export const idempotencyRecord = (change: Partial<IdempotencyRecord> = {}): IdempotencyRecord => ({
  scope: 'k1 issue ca1',
  keyHash: '12'.repeat(32),
  requestHash: '34'.repeat(32),
  certificateId: id('c1'),
  state: 'running',
  liveUntil: at('03-01T12:01:00'),
  ...change,
})

export const outboxEvent = (name: string) => ({
  id: id(name),
  at: now,
  type: 'certificate.issued' satisfies EventType as EventType,
  workspaceId: id('w1'),
  subjectId: id(`s-${name}`),
})

export const auditEvent = (name: string) => ({
  ...outboxEvent(name),
  actor: { kind: 'apiKey', id: id('k1') } as const,
  details: { commonName: 'db.example.org', validityDays: 90, isRenewal: false },
})

export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of stream) items.push(item)
  return items
}
