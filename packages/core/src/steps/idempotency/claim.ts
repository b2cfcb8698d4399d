import type { CryptoProvider } from '../../crypto/provider.js'
import { utf8Encode } from '../../encoding/bytes.js'
import { hexEncode } from '../../encoding/hex.js'
import { PkiError } from '../../errors/pki-error.js'
import type { Principal } from '../../rules/permission/principal.js'
import type { IdempotencyClaim } from '../stages.js'

/** Longest key, in UTF-16 units; a UUID has 36. */
const maximumKeyLength = 255

/** A value with one text: what `canonicalText` takes. */
type Plain = string | number | boolean | undefined | readonly Plain[] | { readonly [field: string]: Plain }

/**
 * @param request all that decides the answer, and nothing secret: its digest is kept. A passphrase decides whether
 *   there is an answer, not which
 * @throws {PkiError} `idempotency_key_invalid`: empty or too long
 */
export async function idempotencyClaim(
  key: string,
  asked: {
    readonly principal: Principal
    readonly operation: string
    readonly caId: string
    readonly request: Plain
  },
  { crypto }: { readonly crypto: Pick<CryptoProvider, 'digest'> },
): Promise<IdempotencyClaim> {
  if (key.length === 0 || key.length > maximumKeyLength) {
    throw new PkiError(
      'idempotency_key_invalid',
      `Cannot use idempotency key: it has ${key.length} characters where 1 to ${maximumKeyLength} are allowed`,
      { length: key.length, maximum: maximumKeyLength },
    )
  }
  const { principal, operation, caId, request } = asked
  return {
    scope: `${principal.kind}:${principal.id}:${operation}:${caId}`,
    keyHash: hexEncode(await crypto.digest('SHA-256', utf8Encode(key))),
    requestHash: hexEncode(await crypto.digest('SHA-256', utf8Encode(canonicalText(request)))),
  }
}

/** JSON with sorted fields: the order in which a client writes them does not matter. */
function canonicalText(value: Plain): string {
  if (value === undefined || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  if (isList(value)) return `[${value.map(canonicalText).join(',')}]`
  const fields = Object.entries(value).filter(([, content]) => content !== undefined)
  const sorted = fields.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([name, content]) => `${JSON.stringify(name)}:${canonicalText(content)}`).join(',')}}`
}

// Array.isArray does not narrow readonly arrays.
const isList = (value: readonly Plain[] | { readonly [field: string]: Plain }): value is readonly Plain[] =>
  Array.isArray(value)
