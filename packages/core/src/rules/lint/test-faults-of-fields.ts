import { encode, objectIdentifier, sequence } from '../../asn1/der-writer.js'
import { Tag } from '../../asn1/tags.js'
import { signatureAlgorithms } from '../../crypto/signature-algorithms.js'
import { encodeTbsCertificate } from '../../x509/certificate.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import { createName, emptyName } from '../../x509/name.js'
import { parseSerialNumber, type SerialNumber } from '../../x509/serial-number.js'
import {
  critical,
  dns,
  ca,
  leaf,
  issuerOf,
  withExtensions,
  without,
  subjectOf,
  lintLeaf,
  lintCa,
  lintDer,
  oldVersion,
  key,
  noKey,
  p384Spki,
  rsaSha256,
  commonNameOf,
  emptySubject,
  type LintCase,
} from './test-tbs.js'

/** What can be wrong with the fields of a certificate, up to its key. */
export const faultsOfFields: readonly LintCase[] = [
  [
    'well-formed',
    'bytes behind the structure',
    () => lintDer(Uint8Array.of(...encodeTbsCertificate(leaf), 0)),
  ],
  ['version', 'version 1', () => lintDer(oldVersion(1))],
  [
    'serial-number',
    'a serial number of 21 octets',
    () => lintLeaf({ ...leaf, serialNumber: 'ff'.repeat(20) as SerialNumber }),
  ],
  [
    'serial-number',
    'a negative serial number',
    () => lintLeaf({ ...leaf, serialNumber: '-4f0000000000000001' as SerialNumber }),
  ],
  [
    'serial-number-length',
    'a serial number of 7 octets',
    () => lintLeaf({ ...leaf, serialNumber: parseSerialNumber('4f000000000001') }),
  ],
  [
    'signature-algorithm',
    'an RSA signature by an EC key',
    () => lintLeaf({ ...leaf, signatureAlgorithmDer: signatureAlgorithms['RSA-PKCS1-SHA256'].identifierDer }),
  ],
  [
    'signature-algorithm',
    'ECDSA with SHA-1',
    () =>
      lintLeaf({ ...leaf, signatureAlgorithmDer: encode(sequence(objectIdentifier('1.2.840.10045.4.1'))) }),
  ],
  ['issuer-not-empty', 'no issuer', () => lintLeaf({ ...leaf, issuer: emptyName })],
  [
    'issuer-matches',
    'the name of the issuer in another case',
    () =>
      lintLeaf({
        ...leaf,
        issuer: createName({ commonName: 'ISSUING CA', organization: 'Example', country: 'DE' }),
      }),
  ],
  [
    'validity-order',
    'notAfter before notBefore',
    () => lintLeaf({ ...leaf, notAfter: new Date('2025-12-31T00:00:00Z') }),
  ],
  [
    'validity-inside-issuer',
    'a leaf that outlives its issuer by a second',
    () => lintLeaf({ ...leaf, notAfter: new Date('2036-01-01T00:00:00Z') }),
  ],
  [
    'validity-inside-issuer',
    'a leaf older than its issuer',
    () => lintLeaf({ ...leaf, notBefore: new Date('2025-12-31T23:59:59Z') }),
  ],
  ['subject-of-ca', 'a CA without subject', () => lintLeaf({ ...ca, subject: emptyName })],
  [
    'subject-or-alt-name',
    'an empty subject and a subjectAltName that is not critical',
    () => lintLeaf(emptySubject),
  ],
  [
    'subject-or-alt-name',
    'neither subject nor subjectAltName',
    () => lintLeaf(without(emptySubject, subjectAltName)),
  ],
  [
    'alt-name-criticality',
    'a critical subjectAltName beside a subject',
    () => lintLeaf(withExtensions(leaf, critical(subjectAltName, [dns('db.example.org')]))),
  ],
  [
    'name-attribute-length',
    'a common name of 65 characters',
    () => lintLeaf({ ...leaf, subject: subjectOf('2.5.4.3', Tag.utf8String, 'x'.repeat(65)) }),
  ],
  [
    'country-code',
    'a country of three letters',
    () => lintLeaf({ ...leaf, subject: subjectOf('2.5.4.6', Tag.printableString, 'DEU') }),
  ],
  [
    'country-code',
    'a country as UTF8String',
    () => lintLeaf({ ...leaf, subject: subjectOf('2.5.4.6', Tag.utf8String, 'DE') }),
  ],
  [
    'name-string-type',
    'a common name as BMPString',
    () => lintLeaf({ ...leaf, subject: subjectOf('2.5.4.3', Tag.bmpString, 'Alice') }),
  ],
  ['public-key', 'an RSA key of 1024 bits', () => lintLeaf(key('RSA-1024'))],
  ['no-unique-identifiers', 'a unique identifier', () => lintDer(oldVersion(2))],
  [
    'signature-algorithm',
    'SHA-256 under a P-384 key, which is stronger (RFC 5480 §4)',
    () => lintLeaf(leaf, issuerOf({ ...ca, spkiDer: p384Spki })),
  ],
  [
    'signature-algorithm',
    'an RSA signature of its own by an EC key',
    () => lintCa({ ...ca, signatureAlgorithmDer: rsaSha256 }),
  ],
  [
    'signature-algorithm',
    'an issuer whose key is none',
    () => lintLeaf(leaf, issuerOf({ ...ca, spkiDer: noKey })),
  ],
  [
    'issuer-matches',
    'a root with another issuer',
    () => lintCa({ ...ca, issuer: createName({ commonName: 'Another' }) }),
  ],
  [
    'name-attribute-length',
    'an issuer of 65 characters',
    () => lintCa({ ...ca, issuer: commonNameOf('x'.repeat(65)) }),
  ],
  ['name-attribute-length', 'an empty common name', () => lintLeaf({ ...leaf, subject: commonNameOf('') })],
  ...['de', 'D', 'DE1', '1DE', 'D1'].map(
    (country): LintCase => [
      'country-code',
      `the country ${country}`,
      () => lintLeaf({ ...leaf, subject: subjectOf('2.5.4.6', Tag.printableString, country) }),
    ],
  ),
  [
    'name-string-type',
    'a common name as TeletexString',
    () => lintLeaf({ ...leaf, subject: subjectOf('2.5.4.3', Tag.teletexString, 'Alice') }),
  ],
  ['public-key', 'a key of a type that nobody knows', () => lintLeaf({ ...leaf, spkiDer: noKey })],
  ['no-unique-identifiers', 'a unique identifier of the issuer', () => lintDer(oldVersion(2, 0x81))],
  ['no-unique-identifiers', 'a unique identifier of the subject', () => lintDer(oldVersion(2, 0x82))],
]
