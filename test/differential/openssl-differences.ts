import { decoyKinds } from '@certwright/testing/arbitraries'

/*
 * Where OpenSSL 3 gives another verdict than the one that a chain was made for, and why. A row that it agrees with fails the
 * test, and goes.
 */

const oneIssuer =
  'X509_verify_cert builds one chain: of several issuers with the right name and key identifier it takes the first that ' +
  'is in date, and tries no other when that one is wrong. RFC 5280 §6.1 asks whether there is a valid path; RFC 4158 §2.4 ' +
  'how to find it'

/** Dates are looked at while the chain is built; with the others it finds nothing wrong, as below. */
const noObstacle: readonly string[] = [
  'expiredCa',
  'notYetValidCa',
  'extensionTwiceCa',
  'trailingOctetsCa',
  'wildcardExcluded',
]

const unread =
  'it decodes the first element and does not look behind it; X.690 and RFC 5280 §4.1 know no more than that element'

export const opensslDifferences: ReadonlyMap<string, string> = new Map([
  ...decoyKinds
    .filter((kind) => !noObstacle.includes(kind))
    .map((kind): [string, string] => [`beside ${kind}`, oneIssuer]),
  [
    'valid lastSecond',
    'X509_cmp_time calls a time that is now past; RFC 5280 §4.1.2.5 has notAfter inclusive',
  ],
  [
    'valid anyPurpose',
    'anyExtendedKeyUsage is not taken for sslserver; RFC 5280 §4.2.1.12 lets applications refuse it, and does not ask them to',
  ],
  ['extensionTwiceCa', 'an extension that it has no use for may stand twice; RFC 5280 §4.2: MUST NOT'],
  ['extensionTwiceEndEntity', 'an extension that it has no use for may stand twice; RFC 5280 §4.2: MUST NOT'],
  ['trailingOctetsCa', unread],
  ['trailingOctetsEndEntity', unread],
  [
    'wildcardExcluded',
    'a wildcard is compared as it is written, so that one of the names that it stands for may be excluded; RFC 5280 is silent, ' +
      'Go and BoringSSL refuse (CVE-2025-61727)',
  ],
  [
    'wildcardInsideLabel',
    'a wildcard may be part of a label, unless X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS is set; RFC 9525 §6.3 has it the whole label',
  ],
  [
    'commonNameAlone',
    'the common name is a host where there is no alternative name of the kind, unless X509_CHECK_FLAG_NEVER_CHECK_SUBJECT is set; ' +
      'RFC 9525 §2: it never is',
  ],
])
