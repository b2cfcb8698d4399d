import { catalogue } from '@certwright/testing'
import { describe, expect, it } from 'vitest'
import { opensslValidates } from './openssl-validates.js'

/*
 * OpenSSL 3 on every case of the catalogue and its twin. Where it does not see it as we do, the reason is here; an
 * agreement that the table does not expect fails, too.
 */

/** Reason → names of cases that OpenSSL accepts. */
const accepted: Readonly<Record<string, readonly string[]>> = {
  'It reads BER, and keeps what it has read of values that are not DER': [
    'criticalFalseEncoded',
    'criticalNotDer',
    'extensionValueTrailing',
    'indefiniteLength',
    'keyUsageNotMinimal',
    'lengthNotMinimal',
    'trailingBytes',
    'versionDefaultEncoded',
  ],
  'It does not compare version and extensions, and takes empty lists and sets': [
    'altNameEmpty',
    'extensionsEmpty',
    'extensionsInVersion1',
    'nameWithEmptySet',
    'versionUnknown',
  ],
  'It does not look into names before it compares them': [
    'dnsNameNotAscii',
    'dnsNameSyntax',
    'emailSyntax',
    'uriRelative',
  ],
  'It takes what RFC 5280 forbids CAs and not relying parties, beyond -x509_strict': [
    'generalizedTimeBefore2050',
    'nameConstraintsInLeaf',
    'nameConstraintsNotCritical',
    'serialNegative',
    'serialTooLong',
    'serialZero',
  ],
  'It has no rules of the CA/Browser Forum, and no public suffixes': [
    'altNameMissingInServer',
    'commonNameNotAmongAltNames',
    'serverIsCa',
    'wildcardBelowPublicSuffix',
  ],
  'It takes the common name for a host where there is no alternative name': ['commonNameAlone'],
  'It takes a wildcard within a label, unless X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS is set': [
    'wildcardInLabel',
  ],
  'It compares a wildcard with an excluded subtree as it is written': ['wildcardInExcluded'],
  'It processes cRLDistributionPoints, so it may be critical': ['knownCriticalNotProcessed'],
  'It takes any qualifier, in critical policies too': ['policyQualifierUnknown'],
  'It supports compressed points, as RFC 5480 §2.2 allows': ['pointCompressed'],
  'It does not examine the key of an end entity': ['exponentOne'],
  'Its command has no option for the usage of a key, the age of a list or the time of an OCSP response': [
    'crlTooOld',
    'keyUsageRefused',
    'ocspExpired',
    'ocspNotYetValid',
    'ocspTooOld',
  ],
  'It does not look at producedAt': ['ocspProducedBeforeCertificate', 'ocspProducedInFuture'],
  'It does not look at critical extensions of OCSP': ['ocspAnswerUnknownCritical', 'ocspUnknownCritical'],
  'It takes the first answer about a certificate': ['ocspRevokedBesideGood'],
  'It does not look at the keyUsage of a responder': ['ocspResponderMayNotSign'],
}

/** Reason → names of twins that OpenSSL refuses. */
const refusedTwins: Readonly<Record<string, readonly string[]>> = {
  'It takes the last second of a validity for the first one outside': ['expiredASecondAgo'],
  'It asks the signer of a list for the host name of the end entity': ['revokedInIndirect'],
}

const reasonFor = (table: typeof accepted, name: string): string | undefined =>
  Object.entries(table).find(([, names]) => names.includes(name))?.[0]

describe('OpenSSL', () => {
  it.concurrent.each(catalogue)('on $name', { timeout: 60_000 }, async ({ name, make, makeTwin }) => {
    const [bad, twin] = await Promise.all([opensslValidates(make()), opensslValidates(makeTwin())])
    expect({ bad, twin }).toEqual({
      bad: reasonFor(accepted, name) !== undefined,
      twin: reasonFor(refusedTwins, name) === undefined,
    })
  })

  it('has no reason for a case that is not there, and none twice', () => {
    const named = [...Object.values(accepted), ...Object.values(refusedTwins)].flat()
    const known = new Set(catalogue.map(({ name }) => name))
    expect(named.filter((name) => !known.has(name))).toEqual([])
    expect(new Set(named).size).toBe(named.length)
  })
})
