import { DerReader } from '../asn1/der-reader.js'
import { type Encoder, explicit, integer, nullValue, objectIdentifier, sequence } from '../asn1/der-writer.js'
import { isPkiError } from '../errors/pki-error.js'
import type { DigestAlgorithm } from './algorithm-names.js'

/*
 * RSASSA-PSS-params (RFC 4055 §3.1). They stand beside a signature, where they say how it was made, and in a key under
 * id-RSASSA-PSS, where they say how alone it may be used (§3.3).
 *
 * Every field has a default, and a default that is written out is no DER (X.690 §11.5). The default hash of the message
 * is SHA-1, which is refused. That of MGF1 is SHA-1 too, and there it does no harm: the mask has to look random, and no
 * collision helps anybody (RFC 8017 §8.1). Java writes it where nobody chose, and §3.1 has it as a MUST.
 *
 * §3.1 recommends that MGF1 has the hash of the message: nothing else is signed, but another is verified
 * (rsa-pss-verify.ts).
 */

export interface PssParameters {
  digest: PssDigest
  /** The hash of MGF1, the mask generation function. */
  maskDigest: DigestAlgorithm
  /** Octets. In a key: the shortest that a signature may have. */
  saltLength: number
}

export type PssDigest = Exclude<DigestAlgorithm, 'SHA-1'>

/** Longer salts fit into no modulus that is read (`parsePublicKey`). */
const maximumSaltLength = 1024
const defaultSaltLength = 20

const mgf1 = '1.2.840.113549.1.1.8'
const digestOids: Readonly<Record<PssDigest, string>> = {
  'SHA-256': '2.16.840.1.101.3.4.2.1',
  'SHA-384': '2.16.840.1.101.3.4.2.2',
  'SHA-512': '2.16.840.1.101.3.4.2.3',
}
const digests = new Map(Object.entries(digestOids).map(([digest, oid]) => [oid, digest as PssDigest]))

/** Both hashes are written with NULL, and read with or without (RFC 4055 §2.1). */
export function pssParameters({ digest, maskDigest, saltLength }: PssParameters): Encoder {
  return sequence(
    explicit(0, hash(digest)),
    maskDigest === 'SHA-1' ? undefined : explicit(1, sequence(objectIdentifier(mgf1), hash(maskDigest))),
    saltLength === defaultSaltLength ? undefined : explicit(2, integer(saltLength)),
  )
}

const hash = (digest: PssDigest): Encoder => sequence(objectIdentifier(digestOids[digest]), nullValue)

/** @returns `undefined`: no RSASSA-PSS-params in DER, or such as are not supported */
export function readPssParameters(der: Uint8Array): PssParameters | undefined {
  try {
    const outer = new DerReader(der)
    const reader = outer.sequence()
    outer.finish()
    const digest = readDigest(reader.optionalContext(0))
    const maskDigest = readMaskDigest(reader.optionalContext(1))
    const saltLength = readSaltLength(reader.optionalContext(2))
    reader.finish()
    if (digest === undefined || maskDigest === undefined || saltLength === undefined) return undefined
    return { digest, maskDigest, saltLength }
  } catch (error) {
    if (isPkiError(error)) return undefined
    throw error
  }
}

/** @param wrapper stands at an AlgorithmIdentifier of a hash, and at nothing else */
function readDigest(wrapper: DerReader | undefined): PssDigest | undefined {
  if (wrapper === undefined) return undefined // SHA-1, which is refused
  const identifier = wrapper.sequence()
  wrapper.finish()
  const digest = digests.get(identifier.objectIdentifier())
  if (!identifier.atEnd) identifier.null()
  identifier.finish()
  return digest
}

function readMaskDigest(wrapper: DerReader | undefined): DigestAlgorithm | undefined {
  if (wrapper === undefined) return 'SHA-1'
  const identifier = wrapper.sequence()
  wrapper.finish()
  return identifier.objectIdentifier() === mgf1 ? readDigest(identifier) : undefined
}

function readSaltLength(wrapper: DerReader | undefined): number | undefined {
  if (wrapper === undefined) return defaultSaltLength
  const saltLength = wrapper.smallInteger(maximumSaltLength)
  wrapper.finish()
  return saltLength === defaultSaltLength ? undefined : saltLength
}
