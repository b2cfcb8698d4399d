import { expect, it } from 'vitest'
import { accessMethods } from '../../../x509/access-description.js'
import { createExtension } from '../../../x509/extension.js'
import { authorityInfoAccess } from '../../../x509/extensions/authority-info-access.js'
import { cRLDistributionPoints } from '../../../x509/extensions/crl-distribution-points.js'
import { freshestCRL } from '../../../x509/extensions/freshest-crl.js'
import type { GeneralName } from '../../../x509/general-name.js'
import { createName } from '../../../x509/name.js'
import { caOf, leafOf } from '../test-certificates.js'
import { revocationFetch } from './revocation-fetch.js'

const ca = caOf('CA')
const uri = (value: string): GeneralName => ({ type: 'uri', value })
const named = (...names: GeneralName[]) => ({ distributionPoint: { type: 'fullName', names } as const })

it('names the URIs of a certificate, each for what is found there', () => {
  const directory: GeneralName = { type: 'directoryName', name: createName({ commonName: 'CA' }) }
  const points = [
    named(uri('http://a.example/1'), directory, uri('ldap://a.example/1')),
    named(uri('http://b.example/1')),
    { crlIssuer: [directory] },
  ]
  const access = [
    { accessMethod: accessMethods.caIssuers, accessLocation: uri('http://a.example/ca') },
    { accessMethod: accessMethods.ocsp, accessLocation: uri('http://a.example/ocsp') },
  ]
  const certificate = leafOf(ca, {
    extensions: [
      createExtension(cRLDistributionPoints, points, { critical: false }),
      createExtension(freshestCRL, [named(uri('http://a.example/delta'))], { critical: false }),
      createExtension(authorityInfoAccess, access, { critical: false }),
    ],
  })
  expect(revocationFetch(certificate, ca.certificate)).toEqual({
    certificate,
    issuer: ca.certificate,
    crlUris: ['http://a.example/1', 'ldap://a.example/1', 'http://b.example/1'],
    deltaCrlUris: ['http://a.example/delta'],
    ocspUris: ['http://a.example/ocsp'],
  })
})

it('names none where there are none', () => {
  const asked = revocationFetch(leafOf(ca), ca.certificate)
  expect(asked).toMatchObject({ crlUris: [], deltaCrlUris: [], ocspUris: [] })
})
