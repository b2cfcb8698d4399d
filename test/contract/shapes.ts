/*
 * What the API document shows of each answer, as a table: every field, its spelling, its type and its format. A field
 * that is missing is a fault, and so is one that the document does not have.
 */

type Shape = RegExp | ((value: unknown) => boolean) | ListOf | MapOf | { readonly [field: string]: Shape }

interface ListOf {
  readonly every: Shape
}

interface MapOf {
  readonly keys: RegExp
  readonly values: Shape
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const text = /^.+$/
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/
const serialNumber = /^(?:[0-9A-F]{2})+$/
const keyAlgorithm = /^(?:RSA-2048|RSA-4096|ECDSA-P256|ECDSA-P384)$/
const reason =
  /^(?:unspecified|keyCompromise|caCompromise|affiliationChanged|superseded|cessationOfOperation|certificateHold|privilegeWithdrawn)$/
const certificatePem = /^-----BEGIN CERTIFICATE-----\n(?:[A-Za-z0-9+/=]{1,64}\n)+-----END CERTIFICATE-----$/
const privateKeyPem = /^-----BEGIN PRIVATE KEY-----\n(?:[A-Za-z0-9+/=]{1,64}\n)+-----END PRIVATE KEY-----$/

const boolean = (value: unknown): boolean => typeof value === 'boolean'
const count = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0
const exactly = (expected: string) => (value: unknown) => value === expected
const orNull = (shape: Shape) => (value: unknown) => value === null || faultsOf(value, shape).length === 0
const listOf = (every: Shape): ListOf => ({ every })

const caSummary = {
  id: uuid,
  name: text,
  common_name: text,
  organization: orNull(text),
  key_algorithm: keyAlgorithm,
  valid_from: instant,
  valid_to: instant,
  created_at: instant,
  parent_ca_id: orNull(uuid),
  depth: count,
  path_length: orNull(count),
}

const issued = {
  id: uuid,
  common_name: text,
  certificate_pem: certificatePem,
  san_dns: listOf(text),
  san_ip: listOf(text),
  valid_from: instant,
  valid_to: instant,
  serial_number: serialNumber,
  created_at: instant,
}

export const documented = {
  whoami: {
    user: { id: uuid, email: /^[^@]+@[^@]+$/ },
    workspace: { id: uuid, name: text, slug: /^[a-z0-9-]+$/ },
    apiKey: { id: uuid, name: text, prefix: /^cm_/ },
    permissions: { keys: uuid, values: { canRead: boolean, canIssue: boolean, canRevoke: boolean } },
  },
  cas: { cas: listOf(caSummary) },
  ca: {
    ca: {
      ...caSummary,
      country: orNull(text),
      state: orNull(text),
      locality: orNull(text),
      certificate_pem: certificatePem,
      serial_number: serialNumber,
      has_passphrase: boolean,
      revoked_at: orNull(instant),
      revocation_reason: orNull(reason),
    },
  },
  chain: { caId: uuid, chainLength: count, chain: listOf(certificatePem) },
  certificates: {
    certificates: listOf({
      id: uuid,
      ca_id: uuid,
      common_name: text,
      san_dns: listOf(text),
      san_ip: listOf(text),
      key_algorithm: keyAlgorithm,
      valid_from: instant,
      valid_to: instant,
      serial_number: serialNumber,
      revoked_at: orNull(instant),
      revocation_reason: orNull(reason),
      created_at: instant,
    }),
    total: count,
    page: count,
    pageSize: count,
    totalPages: count,
  },
  issuedManaged: { certificate: issued, privateKey: privateKeyPem },
  issuedFromCsr: { certificate: issued },
  revoked: {
    message: exactly('Certificate revoked successfully'),
    certificate: { id: uuid, common_name: text, revoked_at: instant, revocation_reason: reason },
  },
  renewedManaged: {
    message: exactly('Certificate renewed successfully'),
    certificate: issued,
    privateKey: privateKeyPem,
  },
  renewedFromCsr: { message: exactly('Certificate renewed successfully'), certificate: issued },
  error: { error: text },
} as const satisfies Record<string, Shape>

/** Where `value` is not of the shape; an empty list where it is. */
export function faultsOf(value: unknown, shape: Shape, path = '$'): string[] {
  if (shape instanceof RegExp)
    return typeof value === 'string' && shape.test(value) ? [] : [`${path}: ${shape}`]
  if (typeof shape === 'function') return shape(value) ? [] : [`${path}: ${JSON.stringify(value)}`]
  if (isListOf(shape)) {
    if (!Array.isArray(value)) return [`${path}: no list`]
    return value.flatMap((item: unknown, index) => faultsOf(item, shape.every, `${path}[${index}]`))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: no object`]
  const fields = Object.entries(value as Record<string, unknown>)
  if (isMapOf(shape)) {
    return fields.flatMap(([name, content]) => [
      ...faultsOf(name, shape.keys, `${path} (key)`),
      ...faultsOf(content, shape.values, `${path}.${name}`),
    ])
  }
  const missing = Object.keys(shape).filter((name) => !Object.hasOwn(value, name))
  return [
    ...missing.map((name) => `${path}.${name}: missing`),
    ...fields.flatMap(([name, content]) => {
      const expected = shape[name]
      return expected === undefined
        ? [`${path}.${name}: not documented`]
        : faultsOf(content, expected, `${path}.${name}`)
    }),
  ]
}

// The casts of `in`: no documented answer has a field "every", "keys" or "values".
const isListOf = (shape: Shape): shape is ListOf => 'every' in shape
const isMapOf = (shape: Shape): shape is MapOf => 'keys' in shape && 'values' in shape
