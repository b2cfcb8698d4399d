import { basicConstraints, extendedKeyUsage, type KeyUsage, keyPurposes, keyUsage } from '@certwright/core'
import { extension, type ExtensionSpec } from '../forge/fields/extension-spec.js'
import { casesOf, row } from './bad-case.js'

/* Who may issue, how far down, and for what. */

const usages = (...list: KeyUsage[]): ExtensionSpec => extension(keyUsage, list, true)
const purposes = (...oids: string[]): ExtensionSpec => extension(extendedKeyUsage, oids)
const endEntity = extension(basicConstraints, { isCa: false, pathLength: undefined }, true)

export const caCertificates = casesOf('CAs and purposes', {
  issuerIsNoCa: row(
    'The issuer is an end entity: basicConstraints says that it is no CA',
    'not_a_ca',
    'RFC 5280 §6.1.4 (k)',
    (bad) => ({ cas: [{}, bad ? { extensions: [endEntity] } : {}] }),
    'CVE-2002-0862 (Windows), CVE-2011-0228 (iOS)',
  ),
  issuerWithoutBasicConstraints: row(
    'The issuer has no basicConstraints',
    'not_a_ca',
    'RFC 5280 §6.1.4 (k)',
    (bad) => ({ cas: [bad ? { omit: [basicConstraints] } : {}] }),
    'CVE-2002-0862 (Windows)',
  ),
  issuerOfVersion1: row(
    'The issuer is a certificate of version 1, which cannot say that it is a CA',
    'not_a_ca',
    'RFC 5280 §6.1.4 (k)',
    (bad) => ({ cas: [bad ? { version: 1, extensionList: [] } : {}] }),
    'CVE-2014-1959 (GnuTLS)',
  ),
  leafIssues: row(
    'A server certificate has issued another one',
    'not_a_ca',
    'RFC 5280 §6.1.4 (k)',
    (bad) => ({
      cas: [{}, bad ? { extensions: [endEntity, usages('digitalSignature')] } : {}],
    }),
  ),
  keyCertSignMissing: row(
    'The keyUsage of the CA is without keyCertSign',
    'key_cert_sign_missing',
    'RFC 5280 §6.1.4 (n)',
    (bad) => ({ cas: [{ extensions: [usages(bad ? 'digitalSignature' : 'keyCertSign', 'cRLSign')] }] }),
  ),
  pathLengthExceeded: row(
    'A CA with pathLenConstraint 0 has a CA below it',
    'path_length_exceeded',
    'RFC 5280 §6.1.4 (l)',
    (bad) => ({ cas: [{ pathLength: bad ? 0 : 1 }, {}] }),
    'PKI.js 4.0.0',
  ),
  pathLengthExceededFromAbove: row(
    'pathLenConstraint 1 has two CAs below it',
    'path_length_exceeded',
    'RFC 5280 §6.1.4 (l)',
    (bad) => ({ cas: [{ pathLength: bad ? 1 : 2 }, {}, {}] }),
  ),
  pathLengthExceededOfLower: row(
    'The second CA allows none below it, whatever the first allows',
    'path_length_exceeded',
    'RFC 5280 §6.1.4 (m)',
    (bad) => ({ cas: [{ pathLength: 5 }, { pathLength: bad ? 0 : 1 }, {}] }),
  ),
  pathLengthWidenedBelow: row(
    'A CA below gives itself a longer path than it has been given',
    'path_length_exceeded',
    'RFC 5280 §6.1.4 (m)',
    (bad) => ({ cas: [{ pathLength: bad ? 1 : 2 }, { pathLength: 9 }, {}] }),
  ),
  rootPathLengthExceeded: row(
    'The pathLenConstraint of the trust anchor is exceeded',
    'path_length_exceeded',
    'RFC 5937 §3.2',
    (bad) => ({ root: { pathLength: bad ? 0 : 1 } }),
  ),
  rootIsNoCa: row('The trust anchor says that it is no CA', 'not_a_ca', 'RFC 5937 §3.2', (bad) => ({
    root: bad ? { extensions: [endEntity] } : {},
  })),
  rootKeyCertSignMissing: row(
    'The keyUsage of the trust anchor is without keyCertSign',
    'key_cert_sign_missing',
    'RFC 5937 §3.2',
    (bad) => ({ root: { extensions: [usages(bad ? 'digitalSignature' : 'keyCertSign', 'cRLSign')] } }),
  ),
  maximumDepthExceeded: row(
    'The path has more CAs than the relying party allows',
    'path_too_long',
    'RFC 5280 §6.1',
    (bad) => ({ cas: [{}, {}], given: () => ({ maximumDepth: bad ? 1 : 2 }) }),
  ),
  serverIsCa: row('A TLS server certificate is a CA', 'rule_broken', 'CA/B BR §7.1.2.7.6', (bad) => ({
    leaf: { extensions: [extension(basicConstraints, { isCa: bad, pathLength: undefined }, true)] },
    given: () => ({ profile: 'webpki' }),
  })),
  purposeIsOther: row(
    'The certificate is for clients and is shown by a server',
    'purpose_refused',
    'RFC 5280 §4.2.1.12',
    (bad) => ({ leaf: { purposes: [bad ? keyPurposes.clientAuth : keyPurposes.serverAuth] } }),
  ),
  purposeIsOcsp: row('The certificate is for OCSP alone', 'purpose_refused', 'RFC 5280 §4.2.1.12', (bad) => ({
    leaf: { purposes: [bad ? keyPurposes.ocspSigning : keyPurposes.serverAuth] },
  })),
  purposeNotNested: row(
    'The CA may issue for clients, and has issued for a server',
    'purpose_not_nested',
    'CA/B BR §7.1.2.10.6',
    (bad) => ({ cas: [{ extensions: [purposes(bad ? keyPurposes.clientAuth : keyPurposes.serverAuth)] }] }),
    'PKI.js 4.0.0, node-forge 1.4.3',
  ),
  purposeAnyInServer: row(
    'A TLS server certificate is for any purpose',
    'rule_broken',
    'CA/B BR §7.1.2.7.10',
    (bad) => ({
      leaf: { purposes: [bad ? keyPurposes.anyExtendedKeyUsage : keyPurposes.serverAuth] },
      given: () => ({ profile: 'webpki' }),
    }),
  ),
  keyUsageRefused: row(
    'The key may agree on keys, and is to sign',
    'key_usage_refused',
    'RFC 5280 §4.2.1.3',
    (bad) => ({
      leaf: { extensions: [usages(bad ? 'keyAgreement' : 'digitalSignature')] },
      given: () => ({ keyUsage: ['digitalSignature'] }),
    }),
  ),
})
