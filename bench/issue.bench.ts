import { createPrivateKey, createPublicKey, sign, verify, X509Certificate } from 'node:crypto'
import {
  type Certificate,
  createCertificateRequest,
  createName,
  parseCertificate,
  parseCertificateRequest,
  parsePublicKey,
  pemEncode,
  platformCrypto,
} from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { systemRandom } from '../packages/core/src/authority/system.js'
import { encodeTbsCertificate } from '../packages/core/src/x509/certificate.js'
import { createExtension } from '../packages/core/src/x509/extension.js'
import { subjectAltName } from '../packages/core/src/x509/extensions/subject-alt-name.js'
import { subjectKeyIdentifier } from '../packages/core/src/x509/extensions/subject-key-identifier.js'
import { serialNumberFromRandom } from '../packages/core/src/x509/serial-number.js'
import { encodeSignedData } from '../packages/core/src/x509/signed-data.js'
import { benchIssuer } from './bench-issuer.js'
import { withoutCryptography } from './issue/without-cryptography.js'
import { type Contender, measure, print } from './measure.js'
import { peculiarIssuer } from './peers/peculiar.js'
import { pkijsIssuer } from './peers/pkijs.js'

/*
 * Issuing from a CSR in process, P-256: parse, prove possession, profile, lint, path, reserve, sign, record. The limit is
 * what node:crypto needs for the same cryptography: import the subscriber's key, verify the CSR, sign the certificate.
 * Every request has a key of its own, as in life; with one key for all, a cache would make the ratio look better.
 *
 * It is measured as one call after the other, as calls at once, such as a server makes, and as one call of `issueMany` for
 * a round; and without its cryptography, for what the rest takes, alone and in turn with the limit.
 *
 * The peers parse, prove possession, build the same eight extensions and sign; they have no profiles, lints or records.
 * What stands beside calls at once and `issueMany` is as many of their calls at once, which use both cores.
 */

const count = 500
const rounds = 7
const warmUps = 16
/** Of the peers, which take ten times as long. */
const portion = 0.1
/** Of what takes a twentieth. */
const manyTimes = 8
/** At once: WebCrypto, which they use, works in threads of its own. */
const callers = 16

const subjectAltNames = [{ type: 'dns', value: 'api.example.org' }] as const
const requests = await makeRequests(count * (rounds + warmUps))

const issuer = await benchIssuer({ storage: memoryStorage(), custody: memoryCustody() })
const bareIssuer = await benchIssuer({ storage: memoryStorage(), ...(await withoutCryptography()) })

const pkcs8Der = Buffer.from((await platformCrypto.generateKeyPair('ECDSA-P256')).pkcs8Der)
const nativeKey = createPrivateKey({ key: pkcs8Der, format: 'der', type: 'pkcs8' })
const ownKey = await platformCrypto.importSigningKey(pkcs8Der)
const p256 = { name: 'ECDSA', namedCurve: 'P-256' }
const job = {
  issuerDer: issuer.caCertificate,
  signingKey: await crypto.subtle.importKey('pkcs8', pkcs8Der, p256, false, ['sign']),
  urls: {
    crl: `http://pki.example/crl/${issuer.caId}`,
    ocsp: `http://pki.example/ocsp/${issuer.caId}`,
    issuer: `http://pki.example/ca/${issuer.caId}`,
  },
}
const example = parseCertificate(await issuer.issue(requests[0].csrPem))

const bareCryptography = ({ parsed }: BenchRequest) => {
  const { spkiDer, tbsDer, signature } = parsed
  const key = createPublicKey({ key: Buffer.from(spkiDer), format: 'der', type: 'spki' })
  if (!verify('sha256', tbsDer, { key, dsaEncoding: 'der' }, signature))
    throw new Error('a CSR does not verify')
  sign('sha256', tbsDer, { key: nativeKey, dsaEncoding: 'der' })
}
const limit = eachRequest('node:crypto alone (import key, verify, sign)', bareCryptography)

const byPkijs = pkijsIssuer(job)
const byPeculiar = peculiarIssuer(job)
assertSameJob(await byPkijs(requests[0].csrPem))
assertSameJob(await byPeculiar(requests[0].csrPem))
const pkijs = ({ csrPem }: BenchRequest) => byPkijs(csrPem)
const peculiar = ({ csrPem }: BenchRequest) => byPeculiar(csrPem)
const peers = (atOnce: number) => [
  { ...eachRequest(`PKI.js 4${among(atOnce)}`, pkijs, atOnce), portion },
  { ...eachRequest(`@peculiar/x509 2${among(atOnce)}`, peculiar, atOnce), portion },
]
const [peersAlone, peersAmongCallers] = [peers(1), peers(callers)]
const namesOf = (contenders: readonly Contender[]) => contenders.map(({ name }) => name)

const issueOne = ({ csrPem }: BenchRequest) => issuer.issue(csrPem)
const issue = {
  ...eachRequest('issue from a CSR, memory storage', issueOne),
  limit: limit.name,
  peers: namesOf(peersAlone),
}
const issueAmongCallers = {
  ...eachRequest(`issue from a CSR, memory storage${among(callers)}`, issueOne, callers),
  limit: limit.name,
  peers: namesOf(peersAmongCallers),
}
const issueBare = {
  ...eachRequest('issue without its cryptography', ({ csrPem }) => bareIssuer.issue(csrPem)),
  limit: limit.name,
}
// Less than its two rows let expect: neither finds its code in the caches of the processor where it left it.
const inTurn = {
  ...eachRequest('issue without its cryptography, node:crypto alone, in turn', async (request) => {
    bareCryptography(request)
    await bareIssuer.issue(request.csrPem)
  }),
  limit: limit.name,
}
let taken = 0
const issueMany = {
  name: 'issueMany from CSRs, memory storage',
  async run(n: number): Promise<void> {
    const many = Array.from({ length: n }, () => requests[taken++ % requests.length] as BenchRequest)
    await issuer.issueMany(many.map(({ csrPem }) => csrPem))
  },
  limit: limit.name,
  peers: namesOf(peersAmongCallers),
}

const rawSign = {
  ...eachRequest('node:crypto alone (sign)', () => {
    sign('sha256', example.tbsDer, { key: nativeKey, dsaEncoding: 'der' })
  }),
  portion: manyTimes,
}

// As the flows do it: what a profile or an issuer puts into every certificate is encoded already, and random octets are
// drawn many at once.
const sharedExtensions = example.extensions.filter(
  ({ oid }) => oid !== subjectKeyIdentifier.oid && oid !== subjectAltName.oid,
)
const encodeAndSign = {
  ...eachRequest('encode and sign alone', async ({ parsed }) => {
    const { keyBits, spkiDer } = parsePublicKey(parsed.spkiDer)
    const keyIdentifier = (await platformCrypto.digest('SHA-256', keyBits)).subarray(0, 20)
    const tbsDer = encodeTbsCertificate({
      ...example,
      serialNumber: serialNumberFromRandom(systemRandom.bytes(16)),
      spkiDer,
      extensions: [
        createExtension(subjectKeyIdentifier, keyIdentifier, { critical: false }),
        createExtension(subjectAltName, subjectAltNames, { critical: false }),
        ...sharedExtensions,
      ],
    })
    const signature = await ownKey.sign('ECDSA-SHA256', tbsDer)
    encodeSignedData({ tbsDer, signatureAlgorithmDer: example.signatureAlgorithmDer, signature })
  }),
  limit: rawSign.name,
  portion: manyTimes,
}

// The garbage of one is collected in the turn of the next: behind the peers, which make most of it, comes what is long.
const ours = [issue, issueAmongCallers, issueMany, issueBare, inTurn]
const contenders = [...peersAlone, ...peersAmongCallers, ...ours, limit, rawSign, encodeAndSign]
print(await measure('issue', contenders, { rounds, warmUps, count }))

type BenchRequest = Awaited<ReturnType<typeof makeRequests>>[number]

/** A contender that takes the requests in turn, so that it never sees a key twice. */
function eachRequest(
  name: string,
  once: (request: BenchRequest) => unknown,
  atOnce = 1,
): Omit<Contender, 'portion'> {
  let taken = 0
  const run = async (n: number): Promise<void> => {
    let left = n
    const call = async (): Promise<void> => {
      while (left-- > 0) {
        const outcome = once(requests[taken++ % requests.length] as BenchRequest)
        if (outcome instanceof Promise) await outcome
      }
    }
    await Promise.all(Array.from({ length: atOnce }, call))
  }
  return { name, run }
}

function among(atOnce: number): string {
  return atOnce === 1 ? '' : `, ${atOnce} callers`
}

/** A peer that left something out would look faster than it is. */
function assertSameJob(certificatePem: string): void {
  if (extensionOids(parseCertificate(certificatePem)) !== extensionOids(example))
    throw new Error('a peer leaves extensions out')
  const isSigned = new X509Certificate(certificatePem).verify(createPublicKey(nativeKey))
  if (!isSigned) throw new Error('a peer signs wrongly')
}

function extensionOids({ extensions }: Certificate): string {
  return extensions.map(({ oid }) => oid).join(' ')
}

async function makeRequests(length: number) {
  const subject = createName({ commonName: 'api.example.org' })
  const make = async () => {
    const { pkcs8Der } = await platformCrypto.generateKeyPair('ECDSA-P256')
    const key = await platformCrypto.importSigningKey(pkcs8Der)
    const der = await createCertificateRequest({ subject, subjectAltNames }, key)
    return { csrPem: pemEncode('CERTIFICATE REQUEST', der), parsed: parseCertificateRequest(der) }
  }
  const made = [await make()] as [Awaited<ReturnType<typeof make>>, ...Awaited<ReturnType<typeof make>>[]]
  while (made.length < length) made.push(await make())
  return made
}
