import { bitString, encode, type OptionalEncoder, raw, sequence } from '@certwright/core/der'
import type { ForgeKey } from './keys/forge-key.js'
import { type ForgeSignatureAlgorithm, signatureRows } from './keys/signature-algorithms.js'

/** An algorithm by its name, or the DER of whatever is to stand in the place of its AlgorithmIdentifier. */
export type AlgorithmSpec = ForgeSignatureAlgorithm | Uint8Array

/** How something is signed, and what happens to it on the way. */
export interface SigningSpec {
  /** Default: the issuer's key. */
  readonly signedBy?: ForgeKey
  /** What is signed with, and what both AlgorithmIdentifiers say. Default: that of the key. */
  readonly signatureAlgorithm?: ForgeSignatureAlgorithm
  /** What the AlgorithmIdentifier says that is signed. */
  readonly innerAlgorithm?: AlgorithmSpec
  /** What the one beside the signature says. */
  readonly outerAlgorithm?: AlgorithmSpec
  /** Before it is signed. */
  readonly alterTbs?: (tbsDer: Uint8Array) => Uint8Array
  readonly alterSignature?: (signature: Uint8Array) => Uint8Array
  /** The whole, after it is signed. */
  readonly alterDer?: (der: Uint8Array) => Uint8Array
}

export const algorithmDer = (spec: AlgorithmSpec): Uint8Array =>
  spec instanceof Uint8Array ? spec : signatureRows[spec].identifierDer

export const innerAlgorithmDer = (spec: SigningSpec, key: ForgeKey): Uint8Array =>
  algorithmDer(spec.innerAlgorithm ?? nameOf(spec, key))

const nameOf = ({ signedBy, signatureAlgorithm }: SigningSpec, key: ForgeKey): ForgeSignatureAlgorithm =>
  signatureAlgorithm ?? (signedBy ?? key).signatureAlgorithm

/**
 * The one shape of certificates, CRLs and OCSP responses: what is signed, the algorithm, the signature.
 *
 * @param behind what follows the signature: the certificates of an OCSP response
 */
export function signForgery(
  tbsDer: Uint8Array,
  spec: SigningSpec,
  key: ForgeKey,
  behind?: OptionalEncoder,
): Uint8Array {
  const { alterTbs = same, alterSignature = same, alterDer = same } = spec
  const algorithm = nameOf(spec, key)
  const signed = alterTbs(tbsDer)
  const signature = alterSignature((spec.signedBy ?? key).sign(signed, algorithm))
  const outer = algorithmDer(spec.outerAlgorithm ?? algorithm)
  return alterDer(encode(sequence(raw(signed), raw(outer), bitString(signature), behind)))
}

const same = (octets: Uint8Array): Uint8Array => octets
