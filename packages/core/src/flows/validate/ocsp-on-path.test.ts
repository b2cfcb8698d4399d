import { describe, expect, it } from 'vitest'
import { sha1KeyIdentifier } from '../../crypto/key-identifier.js'
import { parsePublicKey } from '../../crypto/public-key.js'
import { caOf, crlOf, days, leafOf, noon } from '../../rules/path/test-certificates.js'
import type { Certificate } from '../../x509/certificate.js'
import { createExtension } from '../../x509/extension.js'
import { nameConstraints } from '../../x509/extensions/name-constraints.js'
import { ocspNoCheck } from '../../x509/extensions/ocsp-no-check.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import type { SingleResponse } from '../../x509/ocsp-basic-response.js'
import { verifyCertificate } from './verify-certificate.js'
import {
  root,
  ca,
  leaf,
  revoked,
  certIdOf,
  single,
  responseOf,
  responderOf,
  revoking,
  forOcsp,
} from './test-ocsp-responses.js'

const made = (day: number, change: Partial<SingleResponse> = {}) =>
  responseOf({ producedAt: days(day), responses: [single(change)] })

describe('on a path', () => {
  const ofRoot = crlOf({ issuer: root })
  function faultOf(
    responses: readonly Uint8Array[],
    crls = [ofRoot],
    known: Certificate[] = [],
    certificate = leaf,
  ): string {
    const verdict = verifyCertificate({
      certificate,
      intermediates: [ca.certificate, ...known],
      trustAnchors: [root.certificate],
      ocspResponses: responses,
      crls,
      at: noon,
      purpose: 'any',
    })
    if (verdict instanceof Promise) throw new Error('the verdict was not given at once')
    return verdict.ok ? 'good' : (verdict.faults[0]?.fault ?? '')
  }
  const bad = responseOf({ responses: [single({ status: revoked })] })

  it('a response does as well as a list', () => {
    expect(faultOf([responseOf()])).toBe('good')
    expect(faultOf([bad])).toBe('revoked')
    expect(faultOf([])).toBe('revocation_unknown')
  })

  it('the certificate of the responder need not come with the response (§4.2.1)', () => {
    const { by, certificate } = responderOf()
    const byKey = sha1KeyIdentifier(parsePublicKey(by.key.spkiDer).keyBits)
    for (const named of [{}, { responderId: { byKey } }]) {
      expect(faultOf([responseOf({ by, ...named })])).toBe('revocation_unknown')
      expect(faultOf([responseOf({ by, ...named })], [ofRoot], [certificate])).toBe('good')
    }
    const elsewhere = responderOf({ issuer: root })
    const response = responseOf({ by: elsewhere.by })
    expect(faultOf([response], [ofRoot], [elsewhere.certificate])).toBe('revocation_unknown')
  })

  it('a responder is bound by the name constraints of its CA', () => {
    const permitted = [{ base: { type: 'dns', value: 'example.org' }, minimum: 0 }] as const
    const narrow = caOf('Narrow', {
      issuer: root,
      extensions: [createExtension(nameConstraints, { permitted, excluded: [] }, { critical: true })],
    })
    const certificate = leafOf(narrow)
    const answerOf = (host: string): string => {
      const names = createExtension(subjectAltName, [{ type: 'dns', value: host }], { critical: false })
      const responder = responderOf({ issuer: narrow, extensions: [forOcsp, names] })
      const response = responseOf({
        ...responder,
        responses: [single({ certId: certIdOf(certificate, narrow) })],
      })
      return faultOf([response], [ofRoot], [narrow.certificate], certificate)
    }
    expect(answerOf('ocsp.example.org')).toBe('good')
    expect(answerOf('ocsp.example.com')).toBe('revocation_unknown')
  })

  it('of many responses about a certificate the sixteen newest are looked at', () => {
    const stale = Array.from({ length: 16 }, (_, i) => made(-0.3 + i / 100, { nextUpdate: days(-0.01) }))
    expect(faultOf([made(-0.5), ...stale])).toBe('revocation_unknown')
    expect(faultOf([made(-0.5), ...stale.slice(1)])).toBe('good')
    expect(faultOf([...stale.slice(1), made(-0.5)])).toBe('good')
  })

  it('bad news counts, whoever brings it, in any order', () => {
    expect(faultOf([responseOf(), bad])).toBe('revoked')
    expect(faultOf([bad, responseOf()])).toBe('revoked')
    expect(faultOf([bad], [ofRoot, crlOf({ issuer: ca })])).toBe('revoked')
    expect(faultOf([responseOf()], [ofRoot, revoking(leaf)])).toBe('revoked')
  })

  const byRevoked = (responder: ReturnType<typeof responderOf>): string => {
    const response = responseOf({ ...responder, responses: [single({ status: revoked })] })
    return faultOf([response], [ofRoot, revoking(responder.certificate)])
  }

  it('a responder that the list of its CA revokes is not believed, unless it needs no check (§4.2.2.2.1)', () => {
    const noCheck = createExtension(ocspNoCheck, true, { critical: false })
    // The list has the responder and not the leaf.
    expect(byRevoked(responderOf())).toBe('good')
    expect(byRevoked(responderOf({ extensions: [forOcsp, noCheck] }))).toBe('revoked')
  })
})
