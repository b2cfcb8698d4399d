import { createCertificateBundle } from '@certwright/containers'
import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  certificatePolicies,
  createName,
  cRLDistributionPoints,
  cRLNumber,
  type Extension,
  type ExtensionType,
  extendedKeyUsage,
  keyPurposes,
  keyUsage,
  nameConstraints,
  ocspNonce,
  parseSerialNumber,
  platformCrypto,
  policyConstraints,
  policyMappings,
  subjectAltName,
  subjectKeyIdentifier,
} from '@certwright/core'
import { objectIdentifier, sequence, encode } from '../../packages/core/src/asn1/der-writer.js'
import {
  encodeCertificationRequestInfo,
  extensionRequest,
} from '../../packages/core/src/x509/certificate-request.js'
import { encodeTbsCertList } from '../../packages/core/src/x509/certificate-revocation-list.js'
import { encodeTbsCertificate } from '../../packages/core/src/x509/certificate.js'
import { createExtension } from '../../packages/core/src/x509/extension.js'
import { encodeResponseData } from '../../packages/core/src/x509/ocsp-basic-response.js'
import { encodeOcspRequest } from '../../packages/core/src/x509/ocsp-request.js'
import { encodeOcspResponse } from '../../packages/core/src/x509/ocsp-response.js'
import { encodeRevokedCertificates } from '../../packages/core/src/x509/revoked-certificate.js'
import { encodeSignedData } from '../../packages/core/src/x509/signed-data.js'
import { ownContainers } from './own-containers.js'

/*
 * One of everything that our encoders write, with as many forms inside as one can hold: where the fuzzer starts. Parsers
 * look at no signature, so there is none.
 */

const signatureAlgorithmDer = encode(sequence(objectIdentifier('1.2.840.10045.4.3.2')))
const signature = new Uint8Array(70).fill(0x30)
const signed = (tbsDer: Uint8Array): Uint8Array =>
  encodeSignedData({ tbsDer, signatureAlgorithmDer, signature })
const as = <T>(type: ExtensionType<T>, value: T): Extension =>
  createExtension(type, value, { critical: true })

const issuer = createName({ country: 'DE', organization: 'Example', commonName: 'Issuing CA' })
const subject = createName({
  domainComponent: ['example', 'org'],
  country: 'DE',
  state: 'Köln',
  commonName: 'db.example.org',
  serialNumber: '42',
  emailAddress: 'a@example.org',
})
const serialNumber = parseSerialNumber('4f00000000000001')
const [thisUpdate, nextUpdate] = [new Date('2026-01-01T00:00:00Z'), new Date('2051-01-01T00:00:00Z')]
const keyIdentifier = Uint8Array.of(1, 2, 3, 4)
const uri = { type: 'uri', value: 'http://pki.example.org/' } as const
const names = [
  { type: 'dns', value: 'db.example.org' },
  { type: 'email', value: 'a@example.org' },
  { type: 'ip', address: Uint8Array.of(192, 0, 2, 1) },
  { type: 'directoryName', name: issuer },
  { type: 'registeredId', oid: '1.2.3.4' },
  { type: 'otherName', typeId: '1.2.3.4', valueDer: Uint8Array.of(5, 0) },
  uri,
] as const

const extensions: readonly Extension[] = [
  as(basicConstraints, { isCa: true, pathLength: 3 }),
  as(keyUsage, ['keyCertSign', 'decipherOnly']),
  as(extendedKeyUsage, [keyPurposes.serverAuth, '1.2.3.4']),
  as(subjectAltName, names),
  as(subjectKeyIdentifier, keyIdentifier),
  as(authorityKeyIdentifier, {
    keyIdentifier,
    authorityCertIssuer: [{ type: 'directoryName', name: issuer }],
    authorityCertSerialNumber: serialNumber,
  }),
  as(nameConstraints, {
    permitted: [{ base: { type: 'dns', value: 'example.org' }, minimum: 0 }],
    excluded: [{ base: { type: 'ip', address: Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0) }, minimum: 0 }],
  }),
  as(certificatePolicies, [
    {
      policyIdentifier: '1.2.3.4',
      qualifiers: [
        { type: 'cPS', uri: uri.value },
        {
          type: 'userNotice',
          noticeRef: { organization: { tag: 0x0c, value: 'Example' }, noticeNumbers: [1, 2] },
          explicitText: { tag: 0x0c, value: 'Text' },
        },
      ],
    },
  ]),
  as(policyMappings, [{ issuerDomainPolicy: '1.2.3.4', subjectDomainPolicy: '1.2.3.5' }]),
  as(policyConstraints, { requireExplicitPolicy: 1, inhibitPolicyMapping: 2 }),
  as(cRLDistributionPoints, [
    { distributionPoint: { type: 'fullName', names: [uri] }, reasons: ['keyCompromise'], crlIssuer: [uri] },
  ]),
  as(authorityInfoAccess, [{ accessMethod: '1.3.6.1.5.5.7.48.1', accessLocation: uri }]),
]

const revoked = encodeRevokedCertificates([
  { serialNumber, revocationDate: thisUpdate, reason: 'keyCompromise' },
  {
    serialNumber,
    revocationDate: thisUpdate,
    reason: 'caCompromise',
    invalidityDate: thisUpdate,
    certificateIssuer: names,
  },
])

const certId = {
  hashAlgorithmDer: encode(sequence(objectIdentifier('1.3.14.3.2.26'))),
  hashAlgorithm: '1.3.14.3.2.26',
  issuerNameHash: new Uint8Array(20),
  issuerKeyHash: new Uint8Array(20),
  serialNumber,
}
const nonce = [as(ocspNonce, keyIdentifier)]

export async function ownArtefacts(): Promise<readonly Uint8Array[]> {
  const keys = await Promise.all(
    (['ECDSA-P256', 'RSA-2048', 'Ed25519'] as const).map((algorithm) =>
      platformCrypto.generateKeyPair(algorithm),
    ),
  )
  const { spkiDer, pkcs8Der } = keys[0] as (typeof keys)[number]
  const tbs = {
    serialNumber,
    signatureAlgorithmDer,
    issuer,
    notBefore: thisUpdate,
    notAfter: nextUpdate,
    subject,
    spkiDer,
    extensions,
  }
  const crl = { signatureAlgorithmDer, issuer, thisUpdate, nextUpdate, extensions: [as(cRLNumber, 7n)] }
  const status = { kind: 'revoked', revocationTime: thisUpdate, reason: 'keyCompromise' } as const
  const responseData = {
    responderId: { byName: issuer },
    producedAt: thisUpdate,
    responses: [{ certId, status, thisUpdate, nextUpdate, extensions: [] }],
    extensions: nonce,
  }
  const basic = { tbsDer: encodeResponseData(responseData), signatureAlgorithmDer, signature }
  const tbsDer = encodeTbsCertificate(tbs)
  return [
    tbsDer,
    signed(tbsDer),
    signed(encodeTbsCertList(crl, [revoked]).tbsDer),
    signed(encodeCertificationRequestInfo({ subject, spkiDer, attributes: [extensionRequest(extensions)] })),
    encodeOcspRequest({ requests: [{ certId, extensions: [] }], extensions: nonce }),
    encodeOcspResponse(basic, [signed(tbsDer)]),
    createCertificateBundle([signed(tbsDer), signed(tbsDer)]).der,
    subject.der,
    signatureAlgorithmDer,
    ...keys.flatMap((key) => [key.spkiDer, key.pkcs8Der]),
    ...extensions.map(({ valueDer }) => valueDer),
    ...(await ownContainers(pkcs8Der, signed(tbsDer))),
  ]
}
