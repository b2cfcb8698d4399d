import { encodeTbsCertificate } from '../../x509/certificate.js'
import { Tag } from '../../asn1/tags.js'
import { accessMethods } from '../../x509/access-description.js'
import { authorityInfoAccess } from '../../x509/extensions/authority-info-access.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { cRLDistributionPoints } from '../../x509/extensions/crl-distribution-points.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { keyUsage, type KeyUsage } from '../../x509/extensions/key-usage.js'
import { nameConstraints } from '../../x509/extensions/name-constraints.js'
import { noRevAvail } from '../../x509/extensions/no-rev-avail.js'
import { ocspNoCheck } from '../../x509/extensions/ocsp-no-check.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import { subjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js'
import type { GeneralName } from '../../x509/general-name.js'
import { keyPurposes, type KeyPurpose } from '../../x509/key-purposes.js'
import { createName } from '../../x509/name.js'
import { parseSerialNumber } from '../../x509/serial-number.js'
import {
  rsaSpki,
  issuerName,
  critical,
  plain,
  uri,
  dns,
  pointTo,
  ca,
  leaf,
  issuerOf,
  withExtensions,
  without,
  named,
  purposes,
  subjectOf,
  lintDer,
  lintLeaf,
  lintCa,
  rawExtension,
  key,
  rsaSha256,
  commonNameOf,
  withoutRevocation,
  emptySubject,
  constraints,
  type LintCase,
} from './test-tbs.js'

const onlyAltName = withExtensions(emptySubject, critical(subjectAltName, [dns('db.example.org')]))

/** RFC 5280 §4.2.1.12: "Key usage bits that may be consistent". */
const fitUsages: readonly (readonly [KeyPurpose, readonly KeyUsage[]])[] = [
  ['serverAuth', ['digitalSignature', 'keyEncipherment', 'keyAgreement']],
  ['clientAuth', ['digitalSignature', 'keyAgreement']],
  ['codeSigning', ['digitalSignature']],
  ['emailProtection', ['digitalSignature', 'contentCommitment', 'keyEncipherment', 'keyAgreement']],
  ['timeStamping', ['digitalSignature', 'contentCommitment']],
  ['ocspSigning', ['digitalSignature', 'contentCommitment']],
]

/** The forms that clients compare (RFC 5280 §4.2.1.10). */
const comparable: readonly GeneralName[] = [
  dns('example.org'),
  uri('.example.org'),
  { type: 'email', value: 'example.org' },
  { type: 'ip', address: Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0) },
  { type: 'directoryName', name: issuerName },
]

/** What is close to a fault and none. */
export const nearMisses: readonly LintCase[] = [
  ['well-formed', 'a root', () => lintCa(ca)],
  [
    'serial-number',
    'one of 20 octets',
    () => lintLeaf({ ...leaf, serialNumber: parseSerialNumber(`7f${'ff'.repeat(19)}`) }),
  ],
  ['serial-number-length', 'one of 8 octets', () => lintLeaf(leaf)],
  [
    'signature-algorithm',
    'an RSA key of a size that is in no table',
    () => lintLeaf({ ...leaf, signatureAlgorithmDer: rsaSha256 }, issuerOf({ ...ca, spkiDer: rsaSpki(257) })),
  ],
  ['validity-order', 'a validity of one second', () => lintLeaf({ ...leaf, notAfter: leaf.notBefore })],
  ['validity-inside-issuer', 'that of the issuer', () => lintLeaf({ ...leaf, notAfter: ca.notAfter })],
  ['validity-inside-issuer', 'a root', () => lintCa(ca)],
  ['subject-of-ca', 'an end entity without subject', () => lintLeaf(emptySubject)],
  ['subject-or-alt-name', 'no subject and a critical subjectAltName', () => lintLeaf(onlyAltName)],
  ['subject-or-alt-name', 'a subject alone', () => lintLeaf(without(leaf, subjectAltName))],
  ['alt-name-criticality', 'no subject and a critical subjectAltName', () => lintLeaf(onlyAltName)],
  ['alt-name-criticality', 'a subject alone', () => lintLeaf(without(leaf, subjectAltName))],
  [
    'name-attribute-length',
    '64 characters',
    () => lintLeaf({ ...leaf, subject: commonNameOf('x'.repeat(64)) }),
  ],
  [
    'name-attribute-length',
    '64 characters of two UTF-16 units each',
    () => lintLeaf({ ...leaf, subject: commonNameOf('\u{1d11e}'.repeat(64)) }),
  ],
  [
    'name-attribute-length',
    'an attribute that has no bound',
    () => lintLeaf({ ...leaf, subject: subjectOf('1.2.3.4', Tag.utf8String, 'x'.repeat(300)) }),
  ],
  ['country-code', 'DE', () => lintLeaf({ ...leaf, subject: createName({ country: 'DE' }) })],
  [
    'name-string-type',
    'an IA5String, which emailAddress is',
    () => lintLeaf({ ...leaf, subject: createName({ emailAddress: 'a@example.org' }) }),
  ],
  [
    'name-string-type',
    'a PrintableString',
    () => lintLeaf({ ...leaf, subject: createName({ country: 'DE' }) }),
  ],
  ['public-key', 'an Ed25519 key', () => lintLeaf(key('Ed25519'))],
  ['authority-key-identifier-matches', 'a root without one', () => lintCa(ca)],
  [
    'authority-key-identifier-matches',
    'an issuer without key identifier',
    () => lintLeaf(leaf, issuerOf(without(ca, subjectKeyIdentifier))),
  ],
  [
    'subject-key-identifier-of-ca',
    'an end entity without one',
    () => lintLeaf(without(leaf, subjectKeyIdentifier)),
  ],
  [
    'basic-constraints-of-ca',
    'an end entity that says so, and not critically',
    () => lintLeaf(withExtensions(leaf, plain(basicConstraints, { isCa: false }))),
  ],
  ['basic-constraints-of-ca', 'an end entity without them', () => lintLeaf(without(leaf, basicConstraints))],
  ['key-usage-of-ca', 'an end entity without keyUsage', () => lintLeaf(without(leaf, keyUsage))],
  ['key-cert-sign-only-in-ca', 'an end entity without keyUsage', () => lintLeaf(without(leaf, keyUsage))],
  ['key-cert-sign-only-in-ca', 'a CA', () => lintCa(ca)],
  ['key-usage-critical', 'no keyUsage', () => lintLeaf(without(leaf, keyUsage))],
  [
    'key-usage-fits-key',
    'keyAgreement for an EC key',
    () => lintLeaf(withExtensions(leaf, critical(keyUsage, ['keyAgreement', 'encipherOnly']))),
  ],
  [
    'key-usage-fits-key',
    'keyEncipherment for an RSA key',
    () =>
      lintLeaf(
        withExtensions(
          { ...leaf, spkiDer: rsaSpki(256) },
          critical(keyUsage, ['digitalSignature', 'keyEncipherment', 'dataEncipherment']),
        ),
      ),
  ],
  ['key-usage-fits-key', 'no keyUsage', () => lintLeaf(without(leaf, keyUsage))],
  [
    'no-any-purpose',
    'a CA that has it',
    () => lintCa(withExtensions(ca, plain(extendedKeyUsage, [keyPurposes.anyExtendedKeyUsage]))),
  ],
  [
    'no-repeated-purpose',
    'two purposes',
    () => lintLeaf(purposes(keyPurposes.serverAuth, keyPurposes.clientAuth)),
  ],
  ...fitUsages.flatMap(([purpose, usages]) =>
    usages.map(
      (usage): LintCase => [
        'purpose-fits-key-usage',
        `${purpose} with ${usage}`,
        () =>
          lintLeaf(
            withExtensions(purposes(keyPurposes[purpose]), critical(keyUsage, [usage, 'decipherOnly'])),
          ),
      ],
    ),
  ),
  [
    'purpose-fits-key-usage',
    'a CA for codeSigning',
    () => lintCa(withExtensions(ca, plain(extendedKeyUsage, [keyPurposes.codeSigning]))),
  ],
  ['purpose-fits-key-usage', 'no keyUsage', () => lintLeaf(without(leaf, keyUsage))],
  [
    'purpose-fits-key-usage',
    'a purpose of somebody',
    () => lintLeaf(withExtensions(purposes('1.3.6.1.4.1.32473.1'), critical(keyUsage, ['keyAgreement']))),
  ],
  [
    'ocsp-no-check-only-in-responder',
    'a responder',
    () => lintLeaf(withExtensions(purposes(keyPurposes.ocspSigning), plain(ocspNoCheck, true))),
  ],
  ['no-revocation-is-consistent', 'a CRL and a responder without noRevAvail', () => lintLeaf(leaf)],
  [
    'no-revocation-is-consistent',
    'noRevAvail beside the certificate of the issuer',
    () =>
      lintLeaf(
        withExtensions(
          withoutRevocation,
          plain(noRevAvail, true),
          plain(authorityInfoAccess, [
            { accessMethod: accessMethods.caIssuers, accessLocation: uri('http://pki.example.org/ca') },
          ]),
        ),
      ),
  ],
  [
    'no-revocation-is-consistent',
    'noRevAvail alone',
    () => lintLeaf(withExtensions(withoutRevocation, plain(noRevAvail, true))),
  ],
  ...[
    'localhost',
    '3com.example',
    '*.example.org',
    '*.a-b.example.org',
    'a1',
    `${'a'.repeat(63)}.org`,
    `${'a.'.repeat(126)}a`,
  ].map(
    (name): LintCase => ['dns-name-syntax', name, () => lintLeaf(named(dns('db.example.org'), dns(name)))],
  ),
  ...["O'Brien+tag@Mail.Example.ORG", `${'a'.repeat(64)}@x`].map(
    (value): LintCase => [
      'email-syntax',
      value,
      () => lintLeaf(named(dns('db.example.org'), { type: 'email', value })),
    ],
  ),
  ...['urn:a:b', 'HTTPS://example.org/', 'x-a.b+c:~', 'a1:b'].map(
    (value): LintCase => ['uri-syntax', value, () => lintLeaf(named(dns('db.example.org'), uri(value)))],
  ),
  ...[
    'Alice Smith',
    'alice',
    'db.example.org and more',
    'see db.example.org',
    'db.example.org.',
    '.example.org',
  ].map(
    (commonName): LintCase => [
      'common-name-among-alt-names',
      `the common name "${commonName}"`,
      () => lintLeaf({ ...leaf, subject: createName({ commonName }) }),
    ],
  ),
  [
    'common-name-among-alt-names',
    'an address that is among them',
    () => lintLeaf({ ...leaf, subject: createName({ commonName: '192.0.2.1' }) }),
  ],
  [
    'common-name-among-alt-names',
    'no common name',
    () => lintLeaf({ ...leaf, subject: createName({ country: 'DE' }) }),
  ],
  [
    'common-name-among-alt-names',
    'a client with the name of a host',
    () =>
      lintLeaf({
        ...purposes(keyPurposes.clientAuth),
        subject: createName({ commonName: 'web.example.org' }),
      }),
  ],
  [
    'server-has-alt-name',
    'one for both sides',
    () =>
      lintLeaf(
        withExtensions(
          named(uri('urn:x:y')),
          plain(extendedKeyUsage, [keyPurposes.serverAuth, keyPurposes.clientAuth]),
        ),
      ),
  ],
  [
    'server-has-alt-name',
    'a signer of code',
    () => lintLeaf(withExtensions(named(uri('urn:x:y')), plain(extendedKeyUsage, [keyPurposes.codeSigning]))),
  ],
  ['server-has-alt-name', 'a host alone', () => lintLeaf(named(dns('db.example.org')))],
  [
    'server-has-alt-name',
    'an address alone',
    () => lintLeaf(named({ type: 'ip', address: Uint8Array.of(192, 0, 2, 1) })),
  ],
  [
    'must-be-critical',
    'critical constraints',
    () => lintCa(withExtensions(ca, critical(nameConstraints, constraints))),
  ],
  ['must-not-be-critical', 'what is critical in every leaf', () => lintLeaf(leaf)],
  [
    'no-unknown-critical-extension',
    'an extension 1.2.3.4 that is not critical',
    () => lintLeaf(withExtensions(leaf, { oid: '1.2.3.4', critical: false, valueDer: Uint8Array.of(5, 0) })),
  ],
  [
    'ca-extensions-only-in-ca',
    'constraints in a CA',
    () => lintCa(withExtensions(ca, critical(nameConstraints, constraints))),
  ],
  ...comparable.map(
    (base): LintCase => [
      'name-constraints-comparable',
      `a subtree of ${base.type}`,
      () =>
        lintCa(
          withExtensions(ca, critical(nameConstraints, { permitted: [{ base, minimum: 0 }], excluded: [] })),
        ),
    ],
  ),
  ['name-constraints-comparable', 'no constraints', () => lintCa(ca)],
  ...[
    'http://pki.example.org',
    'HTTP://PKI.example.org:8080/a/b?c',
    'http://[2001:db8::1]:80/crl',
    'http://192.0.2.1/',
    'http://a:1',
  ].map(
    (location): LintCase => [
      'distribution-point-uri',
      location,
      () => lintLeaf(withExtensions(leaf, plain(cRLDistributionPoints, pointTo(location)))),
    ],
  ),
  ['distribution-point-uri', 'no distribution point', () => lintLeaf(without(leaf, cRLDistributionPoints))],
  ['information-access-uri', 'no access', () => lintLeaf(without(leaf, authorityInfoAccess))],
  [
    'canonical-encoding',
    'a certificate that lies inside a buffer, as one that was read does',
    () => lintDer(Uint8Array.of(0, ...encodeTbsCertificate(leaf), 0).subarray(1, -1)),
  ],
  [
    'canonical-encoding',
    'an extension that nobody reads',
    () => lintLeaf(withExtensions(leaf, rawExtension({ oid: '1.2.3.4' }, '03020080'))),
  ],
]
