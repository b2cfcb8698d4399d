import {
  type Authority,
  type Certificate,
  createAuthority,
  createCertificateRequest,
  createName,
  crlEntries,
  findSignatureAlgorithm,
  hasCode,
  type KeyAlgorithm,
  operator,
  parseCertificate,
  parseCrl,
  parseOcspResponse,
  parsePublicKey,
  pemEncode,
  platformCrypto,
  verifySignature,
} from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'

/*
 * The life of two certificates, with nothing but what every JavaScript runtime has. `npm run test:runtimes` runs this
 * file against the built packages; the tests proper run on the host's Node alone.
 */

/** What every platform is to have, by itself or through our dependencies. Ed448 is not among it: only Node has that. */
const keyAlgorithms: readonly KeyAlgorithm[] = [
  'RSA-2048',
  'ECDSA-P256',
  'ECDSA-P384',
  'ECDSA-P521',
  'Ed25519',
  'ML-DSA-65',
]

const me = { principal: operator('smoke') }

type Signed = Pick<Certificate, 'tbsDer' | 'signatureAlgorithmDer' | 'signature'>

/** @returns what was done, in order; rejects at the first thing that is not as it should be */
export async function smoke(): Promise<readonly string[]> {
  const done: string[] = []
  const authority = createAuthority({
    storage: memoryStorage(),
    custody: memoryCustody(),
    distribution: { baseUrl: 'http://pki.example' },
  })

  const root = await authority.createRoot({ name: 'Smoke Root' }, me)
  const ca = await authority.createIntermediate({ name: 'Smoke CA', parentCaId: root.id, pathLength: 0 }, me)
  const issuer = parseCertificate(await authority.caCertificate(ca.id))
  const rootCertificate = parseCertificate(await authority.caCertificate(root.id))
  await assertSigned('root', rootCertificate, rootCertificate)
  await assertSigned('issuing CA', issuer, rootCertificate)
  done.push('hierarchy')

  for (const keyAlgorithm of keyAlgorithms) {
    await createAndVerifyRoot(keyAlgorithm, authority)
    done.push(keyAlgorithm)
  }

  const managed = await authority.issue({ caId: ca.id, commonName: 'a.example.org' }, me)
  await assertSigned('managed certificate', parseCertificate(managed.certificate.certificateDer), issuer)
  assert(managed.privateKeyPem?.includes('BEGIN PRIVATE KEY') === true, 'a managed key is handed out')
  done.push('managed')

  const csr = await authority.issue({ caId: ca.id, mode: 'csr', csrPem: await makeRequest() }, me)
  // What is asked for together may be worked on in other threads.
  const csrs = await Promise.all(Array.from({ length: 4 }, makeRequest))
  const many = await authority.issueMany(
    csrs.map((csrPem) => ({ caId: ca.id, mode: 'csr' as const, csrPem })),
    me,
  )
  for (const one of many) {
    await assertSigned('one of many', parseCertificate(one.certificate.certificatePem), issuer)
  }
  done.push('many')

  const certificate = parseCertificate(csr.certificate.certificatePem)
  await assertSigned('certificate from a CSR', certificate, issuer)
  done.push('csr')

  const answerBefore = await ask(certificate, issuer, (request) => authority.answerOcsp(ca.id, request))
  assert(answerBefore === 'good', 'OCSP says good before the revocation')
  await authority.revoke({ certificateId: csr.certificate.id, reason: 'keyCompromise' }, me)
  const answerAfter = await ask(certificate, issuer, (request) => authority.answerOcsp(ca.id, request))
  assert(answerAfter === 'revoked', 'OCSP says revoked after it')
  done.push('revoke', 'ocsp')

  const crl = parseCrl((await authority.crl(ca.id)).der)
  await assertSigned('CRL', crl, issuer)
  const entries = [...crlEntries(crl)]
  assert(entries.length === 1 && entries[0]?.reason === 'keyCompromise', 'the CRL has the one entry')
  assert(entries[0]?.serialNumber === certificate.serialNumber, 'the CRL names the revoked certificate')
  done.push('crl')

  const refused: unknown = await authority.getCa('00000000-0000-4000-8000-000000000000', me).catch((e) => e)
  assert(hasCode(refused, 'ca_not_found'), 'a refusal is a PkiError with its code')
  done.push('refusal')
  return done
}

async function createAndVerifyRoot(keyAlgorithm: KeyAlgorithm, authority: Authority): Promise<void> {
  const { id } = await authority.createRoot({ name: `Smoke ${keyAlgorithm}`, keyAlgorithm }, me)
  const root = parseCertificate(await authority.caCertificate(id))
  await assertSigned(`${keyAlgorithm} root`, root, root)
}

async function makeRequest(): Promise<string> {
  const { pkcs8Der } = await platformCrypto.generateKeyPair('ECDSA-P256')
  const key = await platformCrypto.importSigningKey(pkcs8Der)
  const subject = createName({ commonName: 'b.example.org' })
  const subjectAltNames = [{ type: 'dns', value: 'b.example.org' }] as const
  return pemEncode('CERTIFICATE REQUEST', await createCertificateRequest({ subject, subjectAltNames }, key))
}

async function assertSigned(what: string, signed: Signed, issuer: Certificate): Promise<void> {
  const algorithm = findSignatureAlgorithm(signed.signatureAlgorithmDer)
  const publicKey = parsePublicKey(issuer.spkiDer)
  const { tbsDer: message, signature } = signed
  const about = { algorithm, publicKey, signature }
  const isSigned = await verifySignature(platformCrypto, { ...about, message })
  assert(isSigned, `the signature of the ${what} verifies`)
  const spoilt = Uint8Array.from(message, (octet, i) => (i === 0 ? octet ^ 1 : octet))
  const isStillSigned = await verifySignature(platformCrypto, { ...about, message: spoilt })
  assert(!isStillSigned, `the signature of the ${what} does not verify over other bytes`)
}

/** Ask for one certificate, and check that the answer is signed by its issuer. */
async function ask(
  certificate: Certificate,
  issuer: Certificate,
  answer: (requestDer: Uint8Array) => Promise<{ readonly der: Uint8Array }>,
): Promise<string | undefined> {
  const { der } = await answer(await ocspRequest(certificate, issuer))
  const response = parseOcspResponse(der)
  assert(response.status === 'successful', 'OCSP has an answer')
  await assertSigned('OCSP response', response.basic, issuer)
  return response.basic.responses[0]?.status.kind
}

/** RFC 6960 §4.1.1, one CertID under SHA-1: as every client in use writes it. All lengths are short. */
async function ocspRequest(certificate: Certificate, issuer: Certificate): Promise<Uint8Array> {
  const sha1 = Uint8Array.of(0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00)
  const certId = element(
    0x30,
    sha1,
    element(0x04, await platformCrypto.digest('SHA-1', certificate.issuer.der)),
    element(0x04, await platformCrypto.digest('SHA-1', parsePublicKey(issuer.spkiDer).keyBits)),
    element(0x02, octetsOf(certificate.serialNumber)),
  )
  return element(0x30, element(0x30, element(0x30, element(0x30, certId))))
}

function octetsOf(serialNumber: string): Uint8Array {
  const octets = (serialNumber.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))
  return Uint8Array.from((octets[0] ?? 0) >= 0x80 ? [0, ...octets] : octets)
}

function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = parts.flatMap((part) => [...part])
  return Uint8Array.of(tag, content.length, ...content)
}

function assert(condition: boolean, expectation: string): asserts condition {
  if (!condition) throw new Error(`smoke: expected that ${expectation}`)
}
