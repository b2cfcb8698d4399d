import { X509Certificate } from 'node:crypto'
import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  cRLDistributionPoints,
  createAuthority,
  extendedKeyUsage,
  type ExtensionType,
  findExtension,
  formatName,
  keyUsage,
  operator,
  parseCertificate,
  subjectAltName,
  subjectKeyIdentifier,
} from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { measure, print } from './measure.js'
import { peculiarRead } from './peers/peculiar.js'
import { pkijsRead } from './peers/pkijs.js'

/*
 * Certificates parsed per second, the same for all: server certificates with eight extensions. Each parser is asked for
 * the names, the validity and every extension that it can decode, because some put the work off until somebody asks.
 */

const count = 4000
const rounds = 7
const warmUps = 2
/** Of the peers in JavaScript, which take fifty times as long. */
const portion = 0.02

const certificates = await makeCertificates(200)

const ours: readonly ExtensionType<unknown>[] = [
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  cRLDistributionPoints,
  extendedKeyUsage,
  keyUsage,
  subjectAltName,
  subjectKeyIdentifier,
]

const read = parser('parse a certificate', (der) => {
  const { subject, issuer, notBefore, notAfter, extensions } = parseCertificate(der)
  const names = formatName(subject).length + formatName(issuer).length
  const found = ours.filter((type) => findExtension(extensions, type) !== undefined)
  return names + notAfter.getTime() - notBefore.getTime() + found.length
})
const pkijs = { ...parser('PKI.js 4', pkijsRead), portion }
const peculiar = { ...parser('@peculiar/x509 2', peculiarRead), portion }
const native = parser('node:crypto X509Certificate', (der) => {
  const certificate = new X509Certificate(der)
  const { subject, issuer, validFrom, validTo, subjectAltName, infoAccess, keyUsage, ca } = certificate
  const validity = Date.parse(validTo) - Date.parse(validFrom)
  const extensions = [subjectAltName, infoAccess, keyUsage, ca].filter((value) => value !== undefined)
  return subject.length + issuer.length + validity + extensions.length
})

const rivals = [pkijs, peculiar, native]
const contender = { ...read, peers: rivals.map(({ name }) => name) }
print(await measure('parse', [contender, ...rivals], { rounds, warmUps, count }))

function parser(name: string, once: (der: Uint8Array<ArrayBuffer>) => number) {
  const run = (n: number): void => {
    let sum = 0
    for (let i = 0; i < n; i++) sum += once(certificates[i % certificates.length] as Uint8Array<ArrayBuffer>)
    // Used, so that nobody may leave the work out; and a reader that fell silent would be seen.
    if (!(sum > 0)) throw new Error(`${name} reads nothing`)
  }
  return { name, run }
}

async function makeCertificates(length: number): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const authority = createAuthority({
    storage: memoryStorage(),
    custody: memoryCustody(),
    distribution: { baseUrl: 'http://pki.example' },
  })
  const me = { principal: operator('bench') }
  const { id } = await authority.createRoot({ name: 'Bench Root' }, me)
  const made: Uint8Array<ArrayBuffer>[] = []
  while (made.length < length) {
    const request = { caId: id, commonName: `${made.length}.example.org`, sanIp: ['192.0.2.10'] }
    const { certificate } = await authority.issue(request, me)
    made.push(new Uint8Array(certificate.certificateDer))
  }
  return made
}
