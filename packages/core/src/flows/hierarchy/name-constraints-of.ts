import { concatBytes } from '../../encoding/bytes.js'
import { PkiError } from '../../errors/pki-error.js'
import type { GeneralSubtree, NameConstraints } from '../../x509/extensions/name-constraints.js'
import type { GeneralName } from '../../x509/general-name.js'
import { parseIpAddress } from '../../x509/ip-address.js'
import type { CreateIntermediateRequest, NameLists } from './ca-requests.js'

type Wish = NonNullable<CreateIntermediateRequest['nameConstraints']>

/** Letters, digits, hyphens and dots, where a dot may lead; for e-mail a mailbox in front. IA5String takes no others. */
const forms = {
  dns: /^\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i,
  email: /^([\x21-\x3f\x41-\x7e]+@)?\.?[a-z0-9-]+(\.[a-z0-9-]+)*$/i,
  uri: /^\.?[a-z0-9-]+(\.[a-z0-9-]+)*$/i,
} as const

/** @returns `undefined` where nothing is constrained @throws {PkiError} `invalid_request`: an entry that says nothing */
export function nameConstraintsOf(wish: Wish | undefined): NameConstraints | undefined {
  if (wish === undefined) return undefined
  const permitted = subtreesOf(wish.permitted, 'nameConstraints.permitted')
  const excluded = subtreesOf(wish.excluded, 'nameConstraints.excluded')
  return permitted.length + excluded.length === 0 ? undefined : { permitted, excluded }
}

function subtreesOf(lists: NameLists | undefined, path: string): readonly GeneralSubtree[] {
  const texts = (['dns', 'email', 'uri'] as const).flatMap((type) =>
    (lists?.[type] ?? []).map((value, i): GeneralName => {
      if (!forms[type].test(value)) throw unreadable(`${path}.${type}[${i}]`, value)
      return { type, value }
    }),
  )
  const ranges = (lists?.ip ?? []).map((text, i): GeneralName => {
    const address = parseRange(text)
    if (address === undefined) throw unreadable(`${path}.ip[${i}]`, text)
    return { type: 'ip', address }
  })
  return [...texts, ...ranges].map((base) => ({ base, minimum: 0 }))
}

/** `address/prefix` as address and mask; bits behind the prefix must be zero, else the writer meant something else. */
function parseRange(text: string): Uint8Array | undefined {
  const [host = '', prefixText = '', ...rest] = text.split('/')
  const address = parseIpAddress(host)
  if (address === undefined || rest.length > 0 || !/^(0|[1-9][0-9]{0,2})$/.test(prefixText)) return undefined
  const prefix = Number(prefixText)
  if (prefix > address.length * 8) return undefined
  const mask = address.map((_, i) => 0xff00 >> Math.min(8, Math.max(0, prefix - 8 * i)))
  if (address.some((octet, i) => (octet & ~(mask[i] as number)) !== 0)) return undefined
  return concatBytes(address, mask)
}

function unreadable(path: string, value: string): PkiError<'invalid_request'> {
  const message = `"${value.slice(0, 80)}" is no name or range that can be constrained`
  return new PkiError('invalid_request', `Cannot create CA: ${path}: ${message}`, {
    issues: [{ path, message }],
  })
}
