import {
  authorityKeyIdentifier,
  basicConstraints,
  cRLDistributionPoints,
  keyUsage,
  nameConstraints,
  subjectAltName,
  subjectKeyIdentifier,
} from '@certwright/core'
import { extension, rawExtension } from '../forge/fields/extension-spec.js'
import { casesOf, row } from './bad-case.js'

/* Extensions that a relying party must refuse, and what RFC 5280 forbids CAs (`strict`). */

const unknown = (critical: boolean) => rawExtension('1.3.6.1.4.1.32473.1', Uint8Array.of(5, 0), critical)
const unprocessable = 'RFC 5280 §4.2'
const strict = () => ({ strict: true })
const otherKey = new Uint8Array(20).fill(7)
const point = { type: 'uri', value: 'http://pki.test/crl' } as const
const permitted = [{ base: { type: 'dns', value: 'example.org' }, minimum: 0 }] as const

export const extensions = casesOf('Extensions, names and numbers', {
  unknownCritical: row(
    'A critical extension is unknown',
    'unprocessable_extension',
    unprocessable,
    (bad) => ({ leaf: { extensions: [unknown(bad)] } }),
    'PKI.js 4.0.0',
  ),
  unknownCriticalInCa: row(
    'A critical extension of the CA is unknown',
    'unprocessable_extension',
    'RFC 5280 §6.1.4 (o)',
    (bad) => ({ cas: [{ extensions: [unknown(bad)] }] }),
    'PKI.js 4.0.0',
  ),
  unknownCriticalInRoot: row(
    'A critical extension of the trust anchor is unknown',
    'unprocessable_extension',
    'RFC 5937 §3.2',
    (bad) => ({ root: { extensions: [unknown(bad)] } }),
  ),
  knownCriticalNotProcessed: row(
    'cRLDistributionPoints is critical where no CRL is looked at',
    'unprocessable_extension',
    unprocessable,
    (bad) => ({
      leaf: {
        extensions: [
          extension(
            cRLDistributionPoints,
            [{ distributionPoint: { type: 'fullName', names: [point] } }],
            bad,
          ),
        ],
      },
    }),
  ),
  authorityKeyIdentifierCritical: row(
    'authorityKeyIdentifier is critical',
    'unprocessable_extension',
    'RFC 5280 §4.2.1.1',
    (bad) => ({
      leaf: { extensions: [extension(authorityKeyIdentifier, {}, bad)] },
    }),
  ),
  authorityKeyIdentifierMissing: row(
    'There is no authorityKeyIdentifier',
    'rule_broken',
    'RFC 5280 §4.2.1.1',
    (bad) => ({ leaf: bad ? { omit: [authorityKeyIdentifier] } : {}, given: strict }),
  ),
  authorityKeyIdentifierOther: row(
    'authorityKeyIdentifier names another key than the issuer has',
    'rule_broken',
    'RFC 5280 §4.2.1.1',
    (bad) => ({
      leaf: bad ? { extensions: [extension(authorityKeyIdentifier, { keyIdentifier: otherKey })] } : {},
      given: strict,
    }),
  ),
  subjectKeyIdentifierMissing: row(
    'The CA has no subjectKeyIdentifier',
    'rule_broken',
    'RFC 5280 §4.2.1.2',
    (bad) => ({ cas: [bad ? { omit: [subjectKeyIdentifier] } : {}], given: strict }),
  ),
  basicConstraintsNotCritical: row(
    'basicConstraints of the CA is not critical',
    'rule_broken',
    'RFC 5280 §4.2.1.9',
    (bad) => ({
      cas: [{ extensions: [extension(basicConstraints, { isCa: true, pathLength: undefined }, !bad)] }],
      given: strict,
    }),
  ),
  nameConstraintsNotCritical: row(
    'nameConstraints is not critical',
    'rule_broken',
    'RFC 5280 §4.2.1.10',
    (bad) => ({
      cas: [{ extensions: [extension(nameConstraints, { permitted, excluded: [] }, !bad)] }],
      given: strict,
    }),
  ),
  nameConstraintsInLeaf: row(
    'An end entity has nameConstraints',
    'rule_broken',
    'RFC 5280 §4.2.1.10',
    (bad) => ({
      leaf: bad ? { extensions: [extension(nameConstraints, { permitted, excluded: [] }, true)] } : {},
      given: strict,
    }),
  ),
  keyCertSignInLeaf: row(
    'The keyUsage of an end entity has keyCertSign',
    'rule_broken',
    'RFC 5280 §4.2.1.9',
    (bad) => ({
      leaf: {
        extensions: [
          extension(keyUsage, bad ? ['digitalSignature', 'keyCertSign'] : ['digitalSignature'], true),
        ],
      },
      given: strict,
    }),
  ),
  altNameNotCritical: row(
    'The subject is empty and subjectAltName is not critical',
    'rule_broken',
    'RFC 5280 §4.2.1.6',
    (bad) => ({
      leaf: {
        subject: {},
        extensions: [extension(subjectAltName, [{ type: 'dns', value: 'db.example.org' }], !bad)],
      },
      given: strict,
    }),
  ),
  altNameMissingInServer: row(
    'A TLS server certificate has no subjectAltName',
    'rule_broken',
    'CA/B BR §7.1.2.7.12',
    (bad) => ({
      leaf: { names: bad ? [] : ['db.example.org'], subject: 'db.example.org' },
      given: () => ({ profile: 'webpki', identity: [] }),
    }),
  ),
  commonNameNotAmongAltNames: row(
    'The common name of a TLS server is none of its alternative names',
    'rule_broken',
    'CA/B BR §7.1.4.3',
    (bad) => ({
      leaf: { subject: bad ? 'www.example.org' : 'db.example.org' },
      given: () => ({ profile: 'webpki' }),
    }),
  ),
  serialNegative: row('The serial number is negative', 'rule_broken', 'RFC 5280 §4.1.2.2', (bad) => ({
    leaf: { serialNumber: bad ? -129 : 129 },
    given: strict,
  })),
  serialZero: row('The serial number is zero', 'rule_broken', 'RFC 5280 §4.1.2.2', (bad) => ({
    leaf: { serialNumber: bad ? 0 : 1 },
    given: strict,
  })),
  serialTooLong: row('The serial number has 21 octets', 'rule_broken', 'RFC 5280 §4.1.2.2', (bad) => ({
    leaf: { serialNumber: new Uint8Array(bad ? 21 : 20).fill(1) },
    given: strict,
  })),
  issuerEmpty: row('The name of the issuer is empty', 'rule_broken', 'RFC 5280 §4.1.2.4', (bad) => ({
    cas: [{ subject: bad ? {} : 'CA' }],
    given: strict,
  })),
  dnsNameSyntax: row('A dNSName has a blank', 'rule_broken', 'RFC 5280 §4.2.1.6', (bad) => ({
    leaf: { names: ['db.example.org', bad ? 'a b.example.org' : 'ab.example.org'] },
    given: strict,
  })),
  emailSyntax: row('An rfc822Name has a display name', 'rule_broken', 'RFC 5280 §4.2.1.6', (bad) => ({
    leaf: {
      names: [
        'db.example.org',
        { type: 'email', value: bad ? 'Alice <alice@example.org>' : 'alice@example.org' },
      ],
    },
    given: strict,
  })),
  uriRelative: row('A uniformResourceIdentifier is relative', 'rule_broken', 'RFC 5280 §4.2.1.6', (bad) => ({
    leaf: { names: ['db.example.org', { type: 'uri', value: bad ? '/crl' : 'https://example.org/crl' }] },
    given: strict,
  })),
})
