import { generateKeyPairSync, type KeyPairKeyObjectResult, sign, webcrypto } from 'node:crypto'
import { type KeyAlgorithm, pemEncode, type SignatureAlgorithm, subjectAltName } from '@certwright/core'
import { PrintableString, Utf8String } from 'asn1js'
import {
  AttributeTypeAndValue,
  Attribute,
  CertificationRequest,
  CryptoEngine,
  Extension as PkijsExtension,
  Extensions,
  GeneralName as PkijsGeneralName,
  GeneralNames,
} from 'pkijs'
// The encoder of requests is not exported: an authority reads them, and only these tests have to write some.
import { signatureAlgorithms } from '../../packages/core/src/crypto/signature-algorithms.js'
import {
  encodeCertificationRequestInfo,
  extensionRequest,
} from '../../packages/core/src/x509/certificate-request.js'
import { createExtension } from '../../packages/core/src/x509/extension.js'
import { createName } from '../../packages/core/src/x509/name.js'
import { encodeSignedData } from '../../packages/core/src/x509/signed-data.js'
import { openssl, opensslMakes } from './openssl.js'

/** For whom a CSR is: a common name and DNS names. */
export interface CsrNames {
  readonly commonName: string
  readonly dns: readonly string[]
}

/** The types of key that both openssl (from 3.0) and node:crypto (from 20) make. */
export type CommonKeyAlgorithm = keyof typeof keys

/** How `openssl req` is told to make a key, how node:crypto makes one, and what it signs with. */
const keys = {
  'RSA-2048': rsa(2048),
  'RSA-3072': rsa(3072),
  'RSA-4096': rsa(4096),
  'ECDSA-P256': ecdsa('P-256', 'SHA256'),
  'ECDSA-P384': ecdsa('P-384', 'SHA384'),
  'ECDSA-P521': ecdsa('P-521', 'SHA512'),
  Ed25519: {
    openssl: ['-newkey', 'ed25519'],
    generate: () => generateKeyPairSync('ed25519'),
    scheme: 'Ed25519',
    digest: null,
  },
} as const satisfies Partial<Record<KeyAlgorithm, KeyMaker>>

interface KeyMaker {
  readonly openssl: readonly string[]
  readonly generate: () => KeyPairKeyObjectResult
  readonly scheme: SignatureAlgorithm
  readonly digest: string | null
}

function rsa(modulusLength: number): KeyMaker {
  return {
    openssl: ['-newkey', `rsa:${modulusLength}`],
    generate: () => generateKeyPairSync('rsa', { modulusLength }),
    scheme: 'RSA-PKCS1-SHA256',
    digest: 'SHA256',
  }
}

function ecdsa(namedCurve: string, digest: 'SHA256' | 'SHA384' | 'SHA512'): KeyMaker {
  return {
    openssl: ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${namedCurve}`],
    generate: () => generateKeyPairSync('ec', { namedCurve }),
    scheme: `ECDSA-${digest}`,
    digest,
  }
}

export const opensslKey = (algorithm: CommonKeyAlgorithm): readonly string[] => keys[algorithm].openssl

/** Openssl needs a section for the name, even where it is given by `-subj`. */
const configuration = '[req]\ndistinguished_name = name\n[name]\n'

/** @param options further ones of `openssl req` @returns PEM */
export async function opensslCsr(
  algorithm: CommonKeyAlgorithm,
  { commonName, dns }: CsrNames,
  options: readonly string[] = [],
): Promise<string> {
  const names =
    dns.length > 0 ? ['-addext', `subjectAltName=${dns.map((name) => `DNS:${name}`).join(',')}`] : []
  const command = ['req', '-new', '-config', 'req.cnf', '-nodes', '-keyout', 'key.pem', '-out', 'csr.pem']
  const made = await opensslMakes(
    ['csr.pem'],
    [
      [
        ...command,
        ...opensslKey(algorithm),
        '-subj',
        `/O=Not checked/CN=${commonName}`,
        ...names,
        ...options,
      ],
    ],
    { 'req.cnf': configuration },
  )
  return new TextDecoder().decode(made['csr.pem'])
}

/** By our encoder, signed by node:crypto. */
export function ownCsr(algorithm: CommonKeyAlgorithm, { commonName, dns }: CsrNames): string {
  const { generate, scheme, digest } = keys[algorithm]
  const { publicKey, privateKey } = generate()
  const tbsDer = encodeCertificationRequestInfo({
    subject: createName({ commonName }),
    spkiDer: Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' })),
    attributes: [
      extensionRequest([
        createExtension(
          subjectAltName,
          dns.map((value) => ({ type: 'dns', value })),
          { critical: false },
        ),
      ]),
    ],
  })
  const { identifierDer } = signatureAlgorithms[scheme]
  const signature = sign(digest, tbsDer, privateKey)
  const der = encodeSignedData({ tbsDer, signatureAlgorithmDer: identifierDer, signature })
  return pemEncode('CERTIFICATE REQUEST', der)
}

/** Made and signed by pkijs, over WebCrypto. */
export async function pkijsCsr(
  key: 'RSA-2048' | 'ECDSA-P256' | 'ECDSA-P384',
  { commonName, dns }: CsrNames,
): Promise<string> {
  const parameters =
    key === 'RSA-2048'
      ? {
          name: 'RSASSA-PKCS1-v1_5',
          modulusLength: 2048,
          publicExponent: new Uint8Array([1, 0, 1]),
          hash: 'SHA-256',
        }
      : { name: 'ECDSA', namedCurve: `P-${key.slice(7)}` }
  const pair = await webcrypto.subtle.generateKey(parameters, true, ['sign', 'verify'])
  const engine = new CryptoEngine({ name: 'node', crypto: webcrypto as unknown as Crypto })
  const csr = new CertificationRequest()
  csr.subject.typesAndValues.push(
    new AttributeTypeAndValue({ type: '2.5.4.6', value: new PrintableString({ value: 'DE' }) }),
    new AttributeTypeAndValue({ type: '2.5.4.3', value: new Utf8String({ value: commonName }) }),
  )
  await csr.subjectPublicKeyInfo.importKey(pair.publicKey, engine)
  const names = new GeneralNames({ names: dns.map((value) => new PkijsGeneralName({ type: 2, value })) })
  const extensions = new Extensions({
    extensions: [new PkijsExtension({ extnID: '2.5.29.17', extnValue: names.toSchema().toBER() })],
  })
  csr.attributes = [new Attribute({ type: '1.2.840.113549.1.9.14', values: [extensions.toSchema()] })]
  await csr.sign(pair.privateKey, key === 'ECDSA-P384' ? 'SHA-384' : 'SHA-256', engine)
  return pemEncode('CERTIFICATE REQUEST', new Uint8Array(csr.toSchema().toBER()))
}

/** The proof of possession, as openssl sees it. @returns what it prints of the request */
export function opensslReadsCsr(pem: string): Promise<string> {
  return openssl(['req', '-config', 'req.cnf', '-in', 'csr.pem', '-verify', '-noout', '-text'], {
    'req.cnf': configuration,
    'csr.pem': pem,
  })
}
