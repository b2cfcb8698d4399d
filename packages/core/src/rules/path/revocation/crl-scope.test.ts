import { describe, expect, it } from 'vitest'
import type { Certificate } from '../../../x509/certificate.js'
import type { DistributionPoint } from '../../../x509/distribution-point.js'
import { createExtension, type Extension } from '../../../x509/extension.js'
import { cRLDistributionPoints } from '../../../x509/extensions/crl-distribution-points.js'
import { issuerAltName } from '../../../x509/extensions/issuer-alt-name.js'
import {
  type IssuingDistributionPoint,
  issuingDistributionPoint,
} from '../../../x509/extensions/issuing-distribution-point.js'
import type { GeneralName } from '../../../x509/general-name.js'
import { createName, type Name, nameOf } from '../../../x509/name.js'
import { caOf, crlOf, leafOf } from '../test-certificates.js'
import { coveredReasons, distributionPointsOf, scopeMismatch } from './crl-scope.js'

const root = caOf('Root')
const ca = caOf('CA', { issuer: root })
const lister = caOf('Lister', { issuer: root })

const uri = (value: string): GeneralName => ({ type: 'uri', value })
const dn = (name: Name): GeneralName => ({ type: 'directoryName', name })
const called = (commonName: string): GeneralName => dn(createName({ commonName }))
const full = (...names: GeneralName[]) => ({ type: 'fullName', names }) as const
const relative = (commonName: string) =>
  ({ type: 'nameRelativeToCrlIssuer', rdn: createName({ commonName }).rdns[0]! }) as const
/** The name of a part, below that of a CA. */
const nested = (part: string, whole: string): GeneralName =>
  dn(nameOf([whole, part].flatMap((commonName) => createName({ commonName }).rdns)))

const certificateWith = (...points: DistributionPoint[]): Certificate =>
  leafOf(ca, { extensions: [createExtension(cRLDistributionPoints, points, { critical: false })] })

const scope = (value: Partial<IssuingDistributionPoint>): Extension[] => {
  const nothing = {
    onlyContainsUserCerts: false,
    onlyContainsCACerts: false,
    onlyContainsAttributeCerts: false,
    indirectCRL: false,
  }
  return [createExtension(issuingDistributionPoint, { ...nothing, ...value }, { critical: true })]
}

const plain = leafOf(ca)
const issuing = caOf('Issuing CA', { issuer: ca }).certificate
const one = full(uri('http://a.example/1.crl'))
const two = full(uri('http://a.example/2.crl'))
const both = full(uri('ldap://a.example/1'), uri('http://a.example/1.crl'))
const ofLister = [called('Lister')]

/** Is a list with this scope about that certificate, by any of its distribution points? */
const rows: [sentence: string, covers: boolean, issuer: typeof ca, scope: Extension[], Certificate][] = [
  ['a list without a scope covers an end entity', true, ca, [], plain],
  ['a list without a scope covers a CA', true, ca, [], issuing],
  ['the list of another CA covers nothing', false, lister, [], plain],
  ['a list of end entities covers one', true, ca, scope({ onlyContainsUserCerts: true }), plain],
  ['a list of end entities covers no CA', false, ca, scope({ onlyContainsUserCerts: true }), issuing],
  ['a list of CAs covers one', true, ca, scope({ onlyContainsCACerts: true }), issuing],
  ['a list of CAs covers no end entity', false, ca, scope({ onlyContainsCACerts: true }), plain],
  [
    'a list of attribute certificates covers none',
    false,
    ca,
    scope({ onlyContainsAttributeCerts: true }),
    plain,
  ],
  ['an indirect list covers what its issuer has issued', true, ca, scope({ indirectCRL: true }), plain],
  ['a list of some reasons covers, for these', true, ca, scope({ onlySomeReasons: ['superseded'] }), plain],
  [
    'the list of the distribution point covers',
    true,
    ca,
    scope({ distributionPoint: one }),
    certificateWith({ distributionPoint: one }),
  ],
  [
    'one name in common is enough',
    true,
    ca,
    scope({ distributionPoint: both }),
    certificateWith({ distributionPoint: one }),
  ],
  [
    'the list of another distribution point covers nothing',
    false,
    ca,
    scope({ distributionPoint: two }),
    certificateWith({ distributionPoint: one }),
  ],
  [
    'a list of a distribution point covers no certificate without one',
    false,
    ca,
    scope({ distributionPoint: one }),
    plain,
  ],
  [
    'a list under the name of its issuer covers every certificate of it (§6.3.3, last paragraph)',
    true,
    ca,
    scope({ distributionPoint: full(called('CA')) }),
    certificateWith({ distributionPoint: one }),
  ],
  [
    'a list under an alternative name of the issuer covers too',
    true,
    ca,
    scope({ distributionPoint: one }),
    leafOf(ca, { extensions: [createExtension(issuerAltName, one.names, { critical: false })] }),
  ],
  [
    'a name relative to the issuer is the full one in the list',
    true,
    ca,
    scope({ distributionPoint: full(nested('Part', 'CA')) }),
    certificateWith({ distributionPoint: relative('Part') }),
  ],
  [
    'a name in the list is relative to its issuer',
    true,
    ca,
    scope({ distributionPoint: relative('Part') }),
    certificateWith({ distributionPoint: full(nested('Part', 'CA')) }),
  ],
  [
    'another relative name is another distribution point',
    false,
    ca,
    scope({ distributionPoint: relative('Part') }),
    certificateWith({ distributionPoint: relative('Other part') }),
  ],
  [
    'a named CRL issuer covers by an indirect list',
    true,
    lister,
    scope({ indirectCRL: true }),
    certificateWith({ crlIssuer: ofLister }),
  ],
  [
    'a named CRL issuer does not cover by a list of its own certificates',
    false,
    lister,
    [],
    certificateWith({ crlIssuer: ofLister }),
  ],
  [
    'an indirect list covers nothing that does not name its issuer',
    false,
    lister,
    scope({ indirectCRL: true }),
    certificateWith({ distributionPoint: one }),
  ],
  [
    'without a distribution point, the list has the name of the CRL issuer',
    true,
    lister,
    scope({ indirectCRL: true, distributionPoint: full(called('Lister')) }),
    certificateWith({ crlIssuer: ofLister }),
  ],
  [
    'a name is relative to the CRL issuer, where there is one',
    true,
    lister,
    scope({ indirectCRL: true, distributionPoint: full(nested('Part', 'Lister')) }),
    certificateWith({ distributionPoint: relative('Part'), crlIssuer: ofLister }),
  ],
  [
    'a name relative to two CRL issuers is none (§4.2.1.13)',
    false,
    lister,
    scope({ indirectCRL: true, distributionPoint: full(nested('Part', 'Lister')) }),
    certificateWith({ distributionPoint: relative('Part'), crlIssuer: [...ofLister, called('CA')] }),
  ],
]

describe('the scope of a CRL (RFC 5280 §6.3.3 (b))', () => {
  it.each(rows)('%s', (_, covers, issuer, extensions, certificate) => {
    const crl = crlOf({ issuer, extensions })
    const points = distributionPointsOf(certificate)
    expect(points.some((point) => scopeMismatch(crl, certificate, point) === undefined)).toBe(covers)
  })

  it.each<[string, string[] | undefined, string[] | undefined, string[] | number]>([
    ['of neither: all', undefined, undefined, 8],
    ['of the list', ['keyCompromise', 'superseded'], undefined, ['keyCompromise', 'superseded']],
    ['of the distribution point', undefined, ['superseded'], ['superseded']],
    ['of both, in common', ['keyCompromise', 'superseded'], ['superseded', 'caCompromise'], ['superseded']],
  ])('its reasons are those %s (d)', (_, ofList, ofPoint, expected) => {
    type Flags = DistributionPoint['reasons']
    const extensions = ofList ? scope({ onlySomeReasons: ofList as unknown as Flags }) : []
    const reasons = coveredReasons(crlOf({ issuer: ca, extensions }), {
      distributionPoint: one,
      reasons: ofPoint as unknown as Flags,
    })
    if (typeof expected === 'number') expect(reasons).toHaveLength(expected)
    else expect(reasons).toEqual(expected)
  })
})
