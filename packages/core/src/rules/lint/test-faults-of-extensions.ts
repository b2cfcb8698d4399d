import { accessMethods } from '../../x509/access-description.js'
import { type Extension } from '../../x509/extension.js'
import { authorityInfoAccess } from '../../x509/extensions/authority-info-access.js'
import { authorityKeyIdentifier } from '../../x509/extensions/authority-key-identifier.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { cRLDistributionPoints } from '../../x509/extensions/crl-distribution-points.js'
import { freshestCRL } from '../../x509/extensions/freshest-crl.js'
import { inhibitAnyPolicy } from '../../x509/extensions/inhibit-any-policy.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { nameConstraints } from '../../x509/extensions/name-constraints.js'
import { noRevAvail } from '../../x509/extensions/no-rev-avail.js'
import { policyConstraints } from '../../x509/extensions/policy-constraints.js'
import { policyMappings } from '../../x509/extensions/policy-mappings.js'
import { subjectInfoAccess } from '../../x509/extensions/subject-info-access.js'
import { subjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js'
import {
  issuerName,
  issuerKeyIdentifier,
  critical,
  plain,
  uri,
  dns,
  pointTo,
  ca,
  leaf,
  withExtensions,
  without,
  lintLeaf,
  lintCa,
  lintDer,
  rawExtension,
  withGeneralizedTime,
  responder,
  repository,
  withoutRevocation,
  constraints,
  type LintCase,
} from './test-tbs.js'

const revocationSources: readonly (readonly [string, Extension])[] = [
  ['a CRL', plain(cRLDistributionPoints, pointTo('http://pki.example.org/crl'))],
  ['a delta CRL', plain(freshestCRL, pointTo('http://pki.example.org/delta'))],
  ['a responder', plain(authorityInfoAccess, responder)],
]

/** What can be wrong with its extensions, but for the names in them. */
export const faultsOfExtensions: readonly LintCase[] = [
  [
    'authority-key-identifier-matches',
    'the key identifier of another issuer',
    () => lintLeaf(withExtensions(leaf, plain(authorityKeyIdentifier, { keyIdentifier: Uint8Array.of(5) }))),
  ],
  [
    'authority-key-identifier-matches',
    'no authorityKeyIdentifier',
    () => lintLeaf(without(leaf, authorityKeyIdentifier)),
  ],
  [
    'subject-key-identifier-of-ca',
    'a CA without subjectKeyIdentifier',
    () => lintCa(without(ca, subjectKeyIdentifier)),
  ],
  [
    'basic-constraints-of-ca',
    'a CA whose basicConstraints is not critical',
    () => lintCa(withExtensions(ca, plain(basicConstraints, { isCa: true }))),
  ],
  [
    'no-revocation-is-consistent',
    'noRevAvail beside the address of a CRL and a responder',
    () => lintLeaf(withExtensions(leaf, plain(noRevAvail, true))),
  ],
  [
    'must-not-be-critical',
    'noRevAvail that is critical',
    () => lintLeaf(withExtensions(leaf, critical(noRevAvail, true))),
  ],
  [
    'must-be-critical',
    'nameConstraints that is not critical',
    () => lintCa(withExtensions(ca, plain(nameConstraints, constraints))),
  ],
  [
    'must-not-be-critical',
    'a critical subjectKeyIdentifier',
    () => lintLeaf(withExtensions(leaf, critical(subjectKeyIdentifier, Uint8Array.of(9)))),
  ],
  [
    'no-unknown-critical-extension',
    'a critical extension 1.2.3.4',
    () => lintLeaf(withExtensions(leaf, { oid: '1.2.3.4', critical: true, valueDer: Uint8Array.of(5, 0) })),
  ],
  [
    'ca-extensions-only-in-ca',
    'nameConstraints in an end entity',
    () => lintLeaf(withExtensions(leaf, critical(nameConstraints, constraints))),
  ],
  [
    'name-constraints-comparable',
    'a subtree with a maximum',
    () =>
      lintCa(
        withExtensions(
          ca,
          critical(nameConstraints, {
            ...constraints,
            excluded: [{ base: dns('a.example.org'), minimum: 0, maximum: 1 }],
          }),
        ),
      ),
  ],
  [
    'name-constraints-comparable',
    'a subtree of registeredIDs',
    () =>
      lintCa(
        withExtensions(
          ca,
          critical(nameConstraints, {
            permitted: [{ base: { type: 'registeredId', oid: '1.2.3' }, minimum: 0 }],
            excluded: [],
          }),
        ),
      ),
  ],
  [
    'distribution-point-uri',
    'a CRL over https',
    () =>
      lintLeaf(withExtensions(leaf, plain(cRLDistributionPoints, pointTo('https://pki.example.org/crl')))),
  ],
  [
    'information-access-uri',
    'an OCSP responder with a user in its URI',
    () =>
      lintLeaf(
        withExtensions(
          leaf,
          plain(authorityInfoAccess, [
            { accessMethod: '1.3.6.1.5.5.7.48.1', accessLocation: uri('http://a@pki.example.org/') },
          ]),
        ),
      ),
  ],
  ['canonical-encoding', 'a GeneralizedTime before 2050', () => lintDer(withGeneralizedTime(leaf))],
  [
    'canonical-encoding',
    'a zero bit at the end of keyUsage',
    () => lintLeaf(withExtensions(leaf, rawExtension(keyUsage, '03020080'))),
  ],
  [
    'canonical-encoding',
    'cA FALSE, encoded',
    () => lintLeaf(withExtensions(leaf, rawExtension(basicConstraints, '3003010100'))),
  ],
  [
    'canonical-encoding',
    'a pathLenConstraint without cA',
    () => lintLeaf(withExtensions(leaf, rawExtension(basicConstraints, '3003020100'))),
  ],
  [
    'canonical-encoding',
    'an empty authorityInfoAccess',
    () => lintLeaf(withExtensions(leaf, rawExtension(authorityInfoAccess, '3000'))),
  ],
  [
    'authority-key-identifier-matches',
    'a root that names another key than its own',
    () => lintCa(withExtensions(ca, plain(authorityKeyIdentifier, { keyIdentifier: Uint8Array.of(5) }))),
  ],
  [
    'no-revocation-is-consistent',
    'noRevAvail in a CA',
    () => lintCa(withExtensions(ca, plain(noRevAvail, true))),
  ],
  ...revocationSources.map(
    ([what, extension]): LintCase => [
      'no-revocation-is-consistent',
      `noRevAvail beside ${what}`,
      () => lintLeaf(withExtensions(withoutRevocation, plain(noRevAvail, true), extension)),
    ],
  ),
  ...[plain(policyConstraints, { requireExplicitPolicy: 0 }), plain(inhibitAnyPolicy, 0)].map(
    (extension): LintCase => [
      'must-be-critical',
      `${extension.oid} that is not critical`,
      () => lintCa(withExtensions(ca, extension)),
    ],
  ),
  ...[
    critical(authorityKeyIdentifier, { keyIdentifier: issuerKeyIdentifier }),
    critical(freshestCRL, pointTo('http://pki.example.org/delta')),
    critical(authorityInfoAccess, responder),
    critical(subjectInfoAccess, repository),
  ].map(
    (extension): LintCase => [
      'must-not-be-critical',
      `${extension.oid} that is critical`,
      () => lintLeaf(withExtensions(leaf, extension)),
    ],
  ),
  ...[
    critical(policyConstraints, { requireExplicitPolicy: 0 }),
    critical(inhibitAnyPolicy, 0),
    critical(policyMappings, [{ issuerDomainPolicy: '1.2.3', subjectDomainPolicy: '1.2.4' }]),
  ].map(
    (extension): LintCase => [
      'ca-extensions-only-in-ca',
      `${extension.oid} in an end entity`,
      () => lintLeaf(withExtensions(leaf, extension)),
    ],
  ),
  [
    'name-constraints-comparable',
    'a subtree with a minimum',
    () =>
      lintCa(
        withExtensions(
          ca,
          critical(nameConstraints, { permitted: [{ base: dns('example.org'), minimum: 1 }], excluded: [] }),
        ),
      ),
  ],
  ...[
    'ftp://pki.example.org/crl',
    'xhttp://pki.example.org/crl',
    'http://',
    'http:///crl',
    'http://pki.example.org:123456/crl',
    'http://pki.example.org:/crl',
    'http://pki.example.org/a b',
    'http://[2001:db8::1/crl',
    'http://pki.example.org?crl',
  ].map(
    (location): LintCase => [
      'distribution-point-uri',
      `a CRL at ${location}`,
      () => lintLeaf(withExtensions(leaf, plain(cRLDistributionPoints, pointTo(location)))),
    ],
  ),
  [
    'distribution-point-uri',
    'a second CRL by another name than a URI',
    () =>
      lintLeaf(
        withExtensions(
          leaf,
          plain(cRLDistributionPoints, [
            ...pointTo('http://pki.example.org/crl/1'),
            { distributionPoint: { type: 'fullName', names: [dns('pki.example.org')] } },
          ]),
        ),
      ),
  ],
  [
    'distribution-point-uri',
    'a CRL under the name of its issuer alone',
    () =>
      lintLeaf(
        withExtensions(
          leaf,
          plain(cRLDistributionPoints, [{ crlIssuer: [{ type: 'directoryName', name: issuerName }] }]),
        ),
      ),
  ],
  [
    'information-access-uri',
    'a second location over https',
    () =>
      lintLeaf(
        withExtensions(
          leaf,
          plain(authorityInfoAccess, [
            ...responder,
            { accessMethod: accessMethods.caIssuers, accessLocation: uri('https://pki.example.org/ca') },
          ]),
        ),
      ),
  ],
  [
    'canonical-encoding',
    'an empty subjectInfoAccess',
    () => lintLeaf(withExtensions(leaf, rawExtension(subjectInfoAccess, '3000'))),
  ],
]
