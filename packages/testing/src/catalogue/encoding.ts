import { basicConstraints, extendedKeyUsage, keyUsage, subjectAltName } from '@certwright/core'
import { append, truncate } from '../forge/alter-octets.js'
import { rawExtension } from '../forge/fields/extension-spec.js'
import { casesOf, row } from './bad-case.js'

/* Octets that are no certificate, or no DER (X.690 §10, §11). */

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'))

/** The element of a SEQUENCE, with another length in front. */
const withHeader =
  (header: (length: number) => number[], ...behind: readonly number[]) =>
  (der: Uint8Array): Uint8Array =>
    // A certificate has between 256 and 65,535 octets: its header has four.
    Uint8Array.from([0x30, ...header(der.length - 4), ...der.subarray(4), ...behind])

export const encoding = casesOf('Encoding', {
  trailingBytes: row(
    'An octet follows the certificate',
    'malformed',
    'RFC 5280 §4.1',
    (bad) => ({ leaf: { alterDer: append(...(bad ? [0] : [])) } }),
    'PKI.js 4.0.0, @peculiar/x509 2.2.0',
  ),
  truncatedCertificate: row('The last octet is missing', 'malformed', 'X.690 §8.1.3', (bad) => ({
    leaf: { alterDer: truncate(bad ? 1 : 0) },
  })),
  indefiniteLength: row('The length is indefinite, which is BER', 'malformed', 'X.690 §10.1', (bad) => ({
    leaf: { alterDer: bad ? withHeader(() => [0x80], 0, 0) : append() },
  })),
  lengthNotMinimal: row('The length has an octet more than it needs', 'malformed', 'X.690 §10.1', (bad) => ({
    leaf: { alterDer: bad ? withHeader((length) => [0x83, 0, length >> 8, length & 0xff]) : append() },
  })),
  serialNotMinimal: row('The serial number has a leading zero octet', 'malformed', 'X.690 §8.3.2', (bad) => ({
    leaf: { serialNumber: Uint8Array.from(bad ? [0, 1] : [1]) },
  })),
  serialEmpty: row('The serial number has no octets', 'malformed', 'X.690 §8.3.1', (bad) => ({
    leaf: { serialNumber: Uint8Array.from(bad ? [] : [1]) },
  })),
  criticalNotDer: row('critical is TRUE as 01, which is BER', 'malformed', 'X.690 §11.1', (bad) => ({
    leaf: {
      extensions: [hex(`300c 0603551d13 0101${bad ? '01' : 'ff'} 04023000`)],
    },
  })),
  criticalFalseEncoded: row(
    'critical is FALSE and encoded, though it is the default',
    'malformed',
    'X.690 §11.5',
    (bad) => ({ leaf: { extensions: [hex(`300c 0603551d13 0101${bad ? '00' : 'ff'} 04023000`)] } }),
  ),
  versionDefaultEncoded: row(
    'The version is 1 and encoded, though it is the default',
    'malformed',
    'X.690 §11.5',
    (bad) => ({ leaf: { version: hex(`a003 0201 ${bad ? '00' : '02'}`) } }),
  ),
  versionUnknown: row('The version is 4', 'malformed', 'RFC 5280 §4.1.2.1', (bad) => ({
    leaf: { version: hex(`a003 0201 ${bad ? '03' : '02'}`) },
  })),
  extensionsInVersion1: row(
    'A certificate of version 1 has extensions',
    'malformed',
    'RFC 5280 §4.1.2.1',
    (bad) => ({ leaf: { version: bad ? 1 : 3 } }),
  ),
  extensionsEmpty: row('The list of extensions is empty', 'malformed', 'RFC 5280 §4.1', (bad) => ({
    leaf: { extensionList: [], ...(bad && { behindExtensionsDer: hex('a3023000') }) },
    given: () => ({ identity: [], purpose: 'any' }),
  })),
  extensionTwice: row('An extension stands twice', 'malformed', 'RFC 5280 §4.2', (bad) => ({
    leaf: {
      extensions: Array.from({ length: bad ? 2 : 1 }, () => hex('3009 0603551d13 04023000')),
    },
  })),
  behindExtensions: row('An element follows the extensions', 'malformed', 'RFC 5280 §4.1', (bad) => ({
    leaf: bad ? { behindExtensionsDer: hex('0500') } : {},
  })),
  utcTimeWithoutSeconds: row('A UTCTime has no seconds', 'malformed', 'RFC 5280 §4.1.2.5.1', (bad) => ({
    leaf: { notBefore: { utcTime: bad ? '2605010000Z' : '260501000000Z' } },
  })),
  utcTimeWithOffset: row('A UTCTime has an offset', 'malformed', 'RFC 5280 §4.1.2.5.1', (bad) => ({
    leaf: { notBefore: { utcTime: bad ? '260501000000+0000' : '260501000000Z' } },
  })),
  timeWithFraction: row('A GeneralizedTime has a fraction', 'malformed', 'RFC 5280 §4.1.2.5.2', (bad) => ({
    leaf: { notAfter: { generalizedTime: bad ? '20500501000000.5Z' : '20500501000000Z' } },
  })),
  dayNotInCalendar: row('A time is the 30th of February', 'malformed', 'RFC 5280 §4.1.2.5', (bad) => ({
    leaf: { notBefore: { utcTime: bad ? '260230000000Z' : '260228000000Z' } },
  })),
  nameWithEmptySet: row('A level of the subject is empty', 'malformed', 'RFC 5280 §4.1.2.4', (bad) => ({
    leaf: { subject: hex(bad ? '3002 3100' : '300d 310b 3009 0603550403 0c026162') },
  })),
  oidPadded: row('An object identifier has a padded arc', 'malformed', 'X.690 §8.19.2', (bad) => ({
    leaf: { extensions: [hex(bad ? '3008 06032a8003 0401 00' : '3007 06022a03 0401 00')] },
  })),
  dnsNameNotAscii: row('A dNSName has octets outside ASCII', 'malformed', 'RFC 5280 §4.2.1.6', (bad) => ({
    leaf: {
      extensions: [
        rawExtension(
          subjectAltName.oid,
          hex(`3014 820e 64622e6578616d706c652e6f7267 8202 ${bad ? 'c3a9' : '6161'}`),
        ),
      ],
    },
  })),
  altNameEmpty: row('subjectAltName has no names', 'malformed', 'RFC 5280 §4.2.1.6', (bad) => ({
    leaf: bad ? { extensions: [rawExtension(subjectAltName.oid, hex('3000'))] } : {},
    given: () => ({ identity: [] }),
  })),
  ipAddressLength: row('An iPAddress has five octets', 'malformed', 'RFC 5280 §4.2.1.6', (bad) => ({
    leaf: {
      extensions: [
        rawExtension(subjectAltName.oid, hex(bad ? '3007 8705 c000020100' : '3006 8704 c0000201')),
      ],
    },
    given: () => ({ identity: { type: 'ip', value: '192.0.2.1' } }),
  })),
  extensionValueTrailing: row(
    'An octet follows the value of an extension',
    'malformed',
    'RFC 5280 §4.2',
    (bad) => ({
      leaf: { extensions: [rawExtension(basicConstraints.oid, hex(bad ? '300000' : '3000'), true)] },
    }),
  ),
  keyUsageWithoutBits: row('keyUsage has no bit', 'malformed', 'RFC 5280 §4.2.1.3', (bad) => ({
    leaf: { extensions: [rawExtension(keyUsage.oid, hex(bad ? '030100' : '03020780'), true)] },
  })),
  keyUsageNotMinimal: row('keyUsage has trailing zero bits', 'rule_broken', 'X.690 §11.2.2', (bad) => ({
    leaf: { extensions: [rawExtension(keyUsage.oid, hex(bad ? '03020080' : '03020780'), true)] },
    given: () => ({ strict: true }),
  })),
  purposesEmpty: row('extendedKeyUsage has no purposes', 'malformed', 'RFC 5280 §4.2.1.12', (bad) => ({
    leaf: {
      extensions: [rawExtension(extendedKeyUsage.oid, hex(bad ? '3000' : '300a 0608 2b06010505070301'))],
    },
  })),
  pathLengthNegative: row(
    'The CA has a negative pathLenConstraint, so that it cannot be read',
    'unknown_issuer',
    'RFC 5280 §4.2.1.9',
    (bad) => ({
      cas: [
        {
          extensions: [rawExtension(basicConstraints.oid, hex(`3006 0101ff 0201${bad ? 'ff' : '00'}`), true)],
        },
      ],
    }),
  ),
})
