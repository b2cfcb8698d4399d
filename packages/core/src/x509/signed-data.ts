import type { DerReader } from '../asn1/der-reader.js'
import {
  bitString,
  DerWriter,
  encode,
  type Encoder,
  type OptionalEncoder,
  raw,
  sequence,
} from '../asn1/der-writer.js'
import { Tag } from '../asn1/tags.js'
import { equalBytes } from '../encoding/bytes.js'
import { readAlgorithmIdentifier } from '../crypto/algorithm-identifier.js'
import { unreadable } from './structure-error.js'

/**
 * The one shape of everything that is signed: certificate (RFC 5280 §4.1.1), CRL (§5.1.1), certification request
 * (RFC 2986 §4.2) and basic OCSP response (RFC 6960 §4.2.1). All arrays are views on the parsed input.
 */
export interface SignedData {
  /** The octets that the signature covers: the first element whole, header included. */
  readonly tbsDer: Uint8Array
  /** The AlgorithmIdentifier that stands beside the signature. */
  readonly signatureAlgorithmDer: Uint8Array
  readonly signature: Uint8Array
}

/**
 * Reads the three elements; what follows them is the caller's.
 *
 * @param content a reader on the content of the SEQUENCE
 * @returns the parts, and a reader on the content of the TBS element
 */
export function readSignedData(content: DerReader): { signed: SignedData; tbs: DerReader } {
  const tbs = content.clone().sequence()
  const tbsDer = content.readElement(Tag.sequence)
  const signatureAlgorithmDer = readAlgorithmIdentifier(content).der
  const signature = content.octetAlignedBitString()
  return { signed: { tbsDer, signatureAlgorithmDer, signature }, tbs }
}

/**
 * Certificates and CRLs repeat the algorithm under the signature, where it cannot be exchanged: both must be the same
 * (RFC 5280 §4.1.1.2, §5.1.1.2).
 *
 * @param tbs stands at the repeated AlgorithmIdentifier
 * @param signed absent where there is no signature yet
 */
export function readRepeatedAlgorithm(
  tbs: DerReader,
  signed: SignedData | undefined,
  structure: string,
): Uint8Array {
  const at = tbs.offset
  const { der } = readAlgorithmIdentifier(tbs)
  if (signed && !equalBytes(der, signed.signatureAlgorithmDer)) {
    throw unreadable(
      structure,
      at,
      'the signed signature algorithm differs from the one beside the signature',
    )
  }
  return der
}

/** Behind a TBS: the algorithm and the signature, of which the longest, SLH-DSA-SHA2-256f, takes 49,856 octets. */
const sealRoom = 51_200

/**
 * A TBS with room around it, so that its signature is put where it belongs and nothing is copied: for a CRL of a million
 * entries, 50 MB each time.
 */
export interface Envelope {
  readonly tbsDer: Uint8Array
  /** The whole, around `tbsDer` in the same memory. Called once. */
  seal(signed: SignedData): Uint8Array
}

/** @param length about how long the TBS will be */
export function encodeInEnvelope(tbs: Encoder, length: number): Envelope {
  const out = new DerWriter(length, sealRoom)
  tbs(out)
  return {
    tbsDer: out.view(),
    seal({ signatureAlgorithmDer, signature }) {
      out.append(signatureAlgorithmDer)
      out.append(encode(bitString(signature)))
      out.header(Tag.sequence, 0)
      return out.view()
    },
  }
}

/**
 * What was signed, with its signature.
 *
 * @param behind what follows the signature: the certificates of a basic OCSP response
 */
export const signedData = (
  { tbsDer, signatureAlgorithmDer, signature }: SignedData,
  behind?: OptionalEncoder,
): Encoder => sequence(raw(tbsDer), raw(signatureAlgorithmDer), bitString(signature), behind)

export const encodeSignedData = (signed: SignedData): Uint8Array => encode(signedData(signed))
