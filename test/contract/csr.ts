import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/*
 * CSRs as somebody else makes them: by the openssl on the machine, or, where they are to be wrong in a way that no tool
 * offers, written here octet by octet. Nothing of ours is used for either.
 */

/** @param args of `openssl req -new`, which makes a key as `newkey` says and does not keep it */
export const opensslCsr = (newkey: readonly string[], ...args: readonly string[]): string =>
  execFileSync(
    'openssl',
    ['req', '-new', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=csr.example.com', ...newkey, ...args],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  )

export interface CsrSpec {
  readonly commonName?: string
  readonly sanDns?: readonly string[]
  /** DER of extensions beside the subjectAltName. */
  readonly extensions?: readonly Uint8Array[]
  /** SubjectPublicKeyInfo; without the right key the signature does not verify. */
  readonly spkiDer?: Uint8Array
  readonly breakSignature?: boolean
  readonly key?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
}

export const p256 = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** CertificationRequest (RFC 2986 §4.2), ecdsa-with-SHA256. */
export function csr(spec: CsrSpec = {}): string {
  const { commonName = 'csr.example.com', sanDns = [], extensions = [], key = p256() } = spec
  const alternativeNames = der(0x30, ...sanDns.map((name) => der(0x82, text(name))))
  const asked = [...(sanDns.length === 0 ? [] : [extension('551d11', alternativeNames)]), ...extensions]
  const extensionRequest = der(0x30, oid('2a864886f70d01090e'), der(0x31, der(0x30, ...asked)))
  const info = der(
    0x30,
    der(0x02, [0]),
    der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, text(commonName))))),
    spec.spkiDer ?? key.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa0, ...(asked.length === 0 ? [] : [extensionRequest])),
  )
  const signature = Uint8Array.from(sign('sha256', info, key.privateKey))
  // Inside s: the structure stays whole, the numbers do not fit.
  if (spec.breakSignature) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1
  return pem(
    'CERTIFICATE REQUEST',
    der(0x30, info, der(0x30, oid('2a8648ce3d040302')), der(0x03, [0], signature)),
  )
}

/** @param oidHex content octets */
export const extension = (oidHex: string, value: Uint8Array, isCritical = false): Uint8Array =>
  der(0x30, oid(oidHex), ...(isCritical ? [der(0x01, [0xff])] : []), der(0x04, value))

/** RSA SubjectPublicKeyInfo of any two numbers. */
export const rsaSpki = (modulus: bigint, exponent: bigint): Uint8Array =>
  der(
    0x30,
    der(0x30, oid('2a864886f70d010101'), der(0x05)),
    der(0x03, [0], der(0x30, integer(modulus), integer(exponent))),
  )

export function modulusOf(publicKey: KeyObject): bigint {
  const { n = '' } = publicKey.export({ format: 'jwk' })
  return BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`)
}

export function der(tag: number, ...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const content = Buffer.concat(parts.map((part) => Uint8Array.from(part)))
  const hex = content.length.toString(16)
  const octets = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  const length = content.length < 0x80 ? octets : Uint8Array.of(0x80 | octets.length, ...octets)
  return Buffer.concat([Uint8Array.of(tag), length, content])
}

const oid = (hex: string): Uint8Array => der(0x06, Buffer.from(hex, 'hex'))
const text = (value: string): Uint8Array => new TextEncoder().encode(value)

function integer(value: bigint): Uint8Array {
  const hex = value.toString(16)
  const even = hex.length % 2 === 0 ? hex : `0${hex}`
  const octets = Buffer.from(even, 'hex')
  return (octets[0] ?? 0) < 0x80 ? der(0x02, octets) : der(0x02, [0], octets)
}

function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
