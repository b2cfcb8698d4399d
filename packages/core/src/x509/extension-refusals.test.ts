import { describe, expect, it } from 'vitest'
import { Tag } from '../asn1/tags.js'
import { hexDecode } from '../encoding/hex.js'
import type { ExtensionType } from './extension.js'
import { authorityInfoAccess } from './extensions/authority-info-access.js'
import { authorityKeyIdentifier } from './extensions/authority-key-identifier.js'
import { basicConstraints } from './extensions/basic-constraints.js'
import { certificateIssuer } from './extensions/certificate-issuer.js'
import { certificatePolicies } from './extensions/certificate-policies.js'
import { cRLDistributionPoints } from './extensions/crl-distribution-points.js'
import { cRLNumber } from './extensions/crl-number.js'
import { deltaCRLIndicator } from './extensions/delta-crl-indicator.js'
import { extendedKeyUsage } from './extensions/extended-key-usage.js'
import { freshestCRL } from './extensions/freshest-crl.js'
import { inhibitAnyPolicy } from './extensions/inhibit-any-policy.js'
import { invalidityDate } from './extensions/invalidity-date.js'
import { issuerAltName } from './extensions/issuer-alt-name.js'
import { issuingDistributionPoint } from './extensions/issuing-distribution-point.js'
import { keyUsage } from './extensions/key-usage.js'
import { nameConstraints } from './extensions/name-constraints.js'
import { noRevAvail } from './extensions/no-rev-avail.js'
import { ocspNoCheck } from './extensions/ocsp-no-check.js'
import { ocspNonce } from './extensions/ocsp-nonce.js'
import { policyConstraints } from './extensions/policy-constraints.js'
import { policyMappings } from './extensions/policy-mappings.js'
import { reasonCode } from './extensions/reason-code.js'
import { subjectAltName } from './extensions/subject-alt-name.js'

describe('refused when read', () => {
  it.each<[ExtensionType<unknown>, string, string, string]>([
    [basicConstraints, 'a negative pathLenConstraint', '30060101ff0201ff', 'invalid_der'],
    [basicConstraints, 'bytes behind the value', '30000500', 'invalid_der'],
    [keyUsage, 'no bit is set (§4.2.1.3)', '030100', 'invalid_structure'],
    [keyUsage, 'only zero bits (§4.2.1.3)', '03020700', 'invalid_structure'],
    [keyUsage, 'an unused bit that is set (X.690 §11.2.1)', '03020781', 'invalid_der'],
    [extendedKeyUsage, 'an empty list (§4.2.1.12)', '3000', 'invalid_structure'],
    [subjectAltName, 'an empty list (§4.2.1.6)', '3000', 'invalid_structure'],
    [subjectAltName, 'an empty dNSName (§4.2.1.6)', '30028200', 'invalid_structure'],
    [subjectAltName, 'a dNSName of a space (§4.2.1.6)', '3003820120', 'invalid_structure'],
    [
      subjectAltName,
      'an iPAddress of eight octets (§4.2.1.6)',
      '300a87080a000000ff000000',
      'invalid_structure',
    ],
    [issuerAltName, 'an empty rfc822Name (§4.2.1.7)', '30028100', 'invalid_structure'],
    [nameConstraints, 'neither list (§4.2.1.10)', '3000', 'invalid_structure'],
    [nameConstraints, 'an empty list (§4.2.1.10)', '3002a000', 'invalid_structure'],
    [nameConstraints, 'minimum 0 is encoded (X.690 §11.5)', '3009a00730058200800100', 'invalid_structure'],
    [nameConstraints, 'an address without mask (§4.2.1.10)', '300aa00830068704c0000201', 'invalid_structure'],
    [
      nameConstraints,
      'a mask with a hole (§4.2.1.10)',
      '300ea00c300a87080a000000ff00ff00',
      'invalid_structure',
    ],
    [
      nameConstraints,
      'excludedSubtrees before permittedSubtrees',
      '300ca10430028200a00430028200',
      'invalid_der',
    ],
    [certificatePolicies, 'an empty list (§4.2.1.4)', '3000', 'invalid_structure'],
    [
      certificatePolicies,
      'a policy twice (§4.2.1.4)',
      '300e300506032a0304300506032a0304',
      'invalid_structure',
    ],
    [
      certificatePolicies,
      'an empty list of qualifiers (§4.2.1.4)',
      '3009300706032a03043000',
      'invalid_structure',
    ],
    [
      certificatePolicies,
      'a cPSuri that is a UTF8String (§4.2.1.4)',
      '3017301506032a0304300e300c06082b060105050702010c00',
      'invalid_der',
    ],
    [
      certificatePolicies,
      'an explicitText that is a PrintableString (§4.2.1.4)',
      '301a301806032a03043011300f06082b060105050702023003130161',
      'invalid_structure',
    ],
    [policyMappings, 'an empty list (§4.2.1.5)', '3000', 'invalid_structure'],
    [policyMappings, 'a mapping to nothing (§4.2.1.5)', '3007300506032a0304', 'invalid_der'],
    [policyConstraints, 'neither field (§4.2.1.11)', '3000', 'invalid_structure'],
    [policyConstraints, 'a negative number (§4.2.1.11)', '30038001ff', 'invalid_der'],
    [inhibitAnyPolicy, 'more than can be counted', '02050100000000', 'der_limit_exceeded'],
    [
      authorityKeyIdentifier,
      'an issuer without serial number (§4.2.1.1)',
      '3006a10482026162',
      'invalid_structure',
    ],
    [authorityKeyIdentifier, 'a serial number without issuer (§4.2.1.1)', '3003820101', 'invalid_structure'],
    [cRLDistributionPoints, 'an empty list (§4.2.1.13)', '3000', 'invalid_structure'],
    [cRLDistributionPoints, 'a point of reasons alone (§4.2.1.13)', '3006300481020560', 'invalid_structure'],
    [cRLDistributionPoints, 'a point of nothing (§4.2.1.13)', '30023000', 'invalid_structure'],
    [cRLDistributionPoints, 'a fullName without names (§4.2.1.13)', '30063004a002a000', 'invalid_structure'],
    [freshestCRL, 'an empty list (§4.2.1.15)', '3000', 'invalid_structure'],
    [cRLNumber, 'a negative number (§5.2.3)', '0201ff', 'invalid_structure'],
    [cRLNumber, '21 octets (§5.2.3)', `021500${'ff'.repeat(20)}`, 'invalid_structure'],
    [deltaCRLIndicator, 'a number that is not minimal (X.690 §8.3.2)', '02020001', 'invalid_der'],
    [issuingDistributionPoint, 'nothing said (§5.2.5)', '3000', 'invalid_structure'],
    [
      issuingDistributionPoint,
      'only user and only CA certificates (§5.2.5)',
      '30068101ff8201ff',
      'invalid_structure',
    ],
    [issuingDistributionPoint, 'indirectCRL FALSE is encoded (X.690 §11.5)', '3003840100', 'invalid_der'],
    [reasonCode, 'the unused reason 7 (§5.3.1)', '0a0107', 'invalid_structure'],
    [reasonCode, 'a reason behind the last (§5.3.1)', '0a010b', 'invalid_structure'],
    [reasonCode, 'an INTEGER (§5.3.1)', '020101', 'invalid_der'],
    [
      invalidityDate,
      'fractions of a second (§5.3.2)',
      '181132303234303232393132303030302e355a',
      'invalid_der',
    ],
    [certificateIssuer, 'an empty list (§5.3.3)', '3000', 'invalid_structure'],
    [ocspNonce, 'no octets (RFC 9654 §2.1)', '0400', 'invalid_structure'],
    [ocspNonce, '129 octets (RFC 9654 §2.1)', `048181${'00'.repeat(129)}`, 'invalid_structure'],
    [ocspNoCheck, 'a NULL with content (X.690 §8.8)', '050100', 'invalid_der'],
    [noRevAvail, 'a NULL with content (X.690 §8.8)', '050100', 'invalid_der'],
  ])('%s: %s', (type, _, hex, code) => {
    expect(() => type.decode(hexDecode(hex))).toThrow(expect.objectContaining({ code }))
  })
})

describe('refused when written', () => {
  it.each<[string, () => Uint8Array]>([
    ['a pathLength without isCa', () => basicConstraints.encode({ isCa: false, pathLength: 0 })],
    ['no key usage', () => keyUsage.encode([])],
    ['no key purpose', () => extendedKeyUsage.encode([])],
    ['no subjectAltName', () => subjectAltName.encode([])],
    ['an empty dNSName', () => subjectAltName.encode([{ type: 'dns', value: '' }])],
    ['no constraint', () => nameConstraints.encode({ permitted: [], excluded: [] })],
    [
      'a mask with a hole',
      () => {
        const base = { type: 'ip', address: hexDecode('0a000000ff00ff00') } as const
        return nameConstraints.encode({ permitted: [{ base, minimum: 0 }], excluded: [] })
      },
    ],
    ['no policy', () => certificatePolicies.encode([])],
    [
      'a policy twice',
      () => {
        const policy = { policyIdentifier: '1.2.3.4', qualifiers: [] }
        return certificatePolicies.encode([policy, policy])
      },
    ],
    [
      'an explicitText of 201 characters (RFC 5280 §4.2.1.4)',
      () => {
        const explicitText = { tag: Tag.utf8String, value: 'x'.repeat(201) }
        return certificatePolicies.encode([
          { policyIdentifier: '1.2.3.4', qualifiers: [{ type: 'userNotice', explicitText }] },
        ])
      },
    ],
    ['no mapping', () => policyMappings.encode([])],
    ['no policy constraint', () => policyConstraints.encode({})],
    [
      'an issuer without serial number',
      () => authorityKeyIdentifier.encode({ authorityCertIssuer: [{ type: 'uri', value: 'a:b' }] }),
    ],
    ['no distribution point', () => cRLDistributionPoints.encode([])],
    ['a point of reasons alone', () => cRLDistributionPoints.encode([{ reasons: ['keyCompromise'] }])],
    ['no access description', () => authorityInfoAccess.encode([])],
    ['a negative CRL number', () => cRLNumber.encode(-1n)],
    ['a CRL number of 21 octets', () => cRLNumber.encode(2n ** 159n)],
    [
      'a scope that is none',
      () =>
        issuingDistributionPoint.encode({
          onlyContainsUserCerts: false,
          onlyContainsCACerts: false,
          onlyContainsAttributeCerts: false,
          indirectCRL: false,
        }),
    ],
    ['an empty nonce', () => ocspNonce.encode(new Uint8Array())],
  ])('%s', (_, write) => {
    expect(write).toThrow(expect.objectContaining({ code: 'invalid_structure' }))
  })
})
