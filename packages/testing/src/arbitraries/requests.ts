import * as fc from 'fast-check'
import { type GeneralName, subjectAltName } from '@certwright/core'
import {
  constructed,
  encode,
  explicit,
  integer,
  objectIdentifier,
  raw,
  sequence,
  Tag,
} from '@certwright/core/der'
import { extension, extensionFields } from '../forge/fields/extension-spec.js'
import type { ForgeKey } from '../forge/keys/forge-key.js'
import { signForgery } from '../forge/sign-forgery.js'
import { keyPair } from './keys.js'
import { distinguishedName, subjectAltNameOf } from './names.js'

/** A certification request (RFC 2986) that proves the possession of its key. */
export interface GeneratedRequest {
  readonly der: Uint8Array
  readonly key: ForgeKey
  readonly subjectDer: Uint8Array
  readonly names: readonly GeneralName[]
}

/** Shrinks towards a request without alternative names. */
export const certificateRequest = (): fc.Arbitrary<GeneratedRequest> =>
  fc
    .record({
      key: keyPair(),
      subject: distinguishedName(),
      names: fc.array(subjectAltNameOf(), { maxLength: 4 }),
    })
    .map(({ key, subject, names }) => ({
      key,
      names,
      subjectDer: subject.der,
      der: requestDer(key, subject.der, names),
    }))

function requestDer(key: ForgeKey, subjectDer: Uint8Array, names: readonly GeneralName[]): Uint8Array {
  // RFC 2985 §5.4.2: extensionRequest, a SET with the one list.
  const attribute = () =>
    sequence(
      objectIdentifier('1.2.840.113549.1.9.14'),
      constructed(Tag.set, extensionFields([extension(subjectAltName, names)])),
    )
  const info = sequence(
    integer(0),
    raw(subjectDer),
    raw(key.spkiDer),
    explicit(0, ...(names.length === 0 ? [] : [attribute()])),
  )
  return signForgery(encode(info), {}, key)
}
