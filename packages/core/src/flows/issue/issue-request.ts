import * as z from 'zod/mini'
import type { KeyAlgorithm } from '../../crypto/algorithm-names.js'
import { keyAlgorithmNames } from '../../crypto/key-algorithms.js'
import { parsePlainData, uuid } from '../../encoding/plain-data.js'
import { PkiError } from '../../errors/pki-error.js'

/** What an issuance takes. Only `caId` is always needed; each mode needs one field more. */
export interface IssueRequest {
  readonly caId: string
  /** `managed` (default): a key pair is made for the subscriber. `csr`: the subscriber has one, and proves it. */
  readonly mode?: 'managed' | 'csr'
  /** Needed in managed mode. In CSR mode the CSR's own, where this is absent. A host name or address is also a SAN. */
  readonly commonName?: string
  /** DNS names; the whole leftmost label may be `*` where the profile allows it. */
  readonly sanDns?: readonly string[]
  /** IPv4 or IPv6 addresses. */
  readonly sanIp?: readonly string[]
  readonly sanEmail?: readonly string[]
  readonly sanUri?: readonly string[]
  /** Managed mode only; ECDSA-P256 where absent. */
  readonly keyAlgorithm?: KeyAlgorithm
  /** 1 to 397, less where the profile says so. 365 where absent, cut to the issuer's own end. */
  readonly validityDays?: number
  /** Needed in CSR mode. */
  readonly csrPem?: string
  /** Needed where the CA has a passphrase. */
  readonly caPassphrase?: string
  /** The name of a profile; the default profile where absent. */
  readonly profile?: string
}

/** As `IssueRequest`, with its defaults, and with what each mode needs. */
export type ParsedIssueRequest = IssueRequest &
  (
    | { readonly mode: 'managed'; readonly commonName: string; readonly keyAlgorithm: KeyAlgorithm }
    | { readonly mode: 'csr'; readonly csrPem: string }
  )

/** Longest list of names that is looked at; profiles allow far fewer. Bounds the work on hostile input. */
const longestList = 10_000
const longestName = 2048
/** A CSR with an RSA key of 4096 bits and a hundred names takes about 8 KB. */
const longestCsr = 65_536
const longestPassphrase = 1024

const textUpTo = (length: number) => z.optional(z.string().check(z.maxLength(length)))
const names = z.optional(z.array(z.string().check(z.maxLength(longestName))).check(z.maxLength(longestList)))

const schema = z.strictObject({
  caId: uuid,
  mode: z.optional(z.enum(['managed', 'csr'])),
  commonName: textUpTo(longestName),
  sanDns: names,
  sanIp: names,
  sanEmail: names,
  sanUri: names,
  keyAlgorithm: z.optional(z.enum(keyAlgorithmNames)),
  validityDays: z.optional(z.int()),
  csrPem: textUpTo(longestCsr),
  caPassphrase: textUpTo(longestPassphrase),
  profile: textUpTo(100),
}) as z.ZodMiniType<IssueRequest>

const action = 'Cannot issue certificate'

/** @throws {PkiError} `invalid_request`: with the field and what to change */
export function parseIssueRequest(input: unknown): ParsedIssueRequest {
  const { mode = 'managed', csrPem, keyAlgorithm, ...request } = parsePlainData(schema, input, { action })
  if (mode === 'csr') {
    if (csrPem === undefined) throw issue('csrPem', 'is needed in csr mode')
    if (keyAlgorithm !== undefined)
      throw issue('keyAlgorithm', 'is not for csr mode, where the CSR brings the key')
    return { mode, csrPem, ...request }
  }
  if (csrPem !== undefined) throw issue('csrPem', 'is for csr mode only; add "mode": "csr"')
  const { commonName, ...others } = request
  if (commonName === undefined || commonName === '') throw issue('commonName', 'is needed in managed mode')
  return { mode, commonName, keyAlgorithm: keyAlgorithm ?? 'ECDSA-P256', ...others }
}

function issue(path: string, message: string): PkiError<'invalid_request'> {
  return new PkiError('invalid_request', `${action}: ${path} ${message}`, { issues: [{ path, message }] })
}
