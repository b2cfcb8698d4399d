import { describe, expect, it } from 'vitest'
import { days, newKey, noon } from '../../rules/path/test-certificates.js'
import { encodeOcspError } from '../../x509/ocsp-response.js'
import { verifyOcspResponse, type VerifyOcspRequest } from './verify-ocsp-response.js'
import { root, ca, certIdOf, single, responseOf, responderOf } from './test-ocsp-responses.js'

async function verifies(response: Uint8Array, change: Partial<VerifyOcspRequest> = {}): Promise<boolean> {
  const { ok } = await verifyOcspResponse({
    response,
    trustAnchors: [root.certificate],
    certificates: [ca.certificate],
    at: noon,
    ...change,
  })
  return ok
}

describe('verifyOcspResponse', () => {
  it('takes the issuer and its responder, with a path to a trust anchor', async () => {
    expect(await verifies(responseOf())).toBe(true)
    expect(await verifies(responseOf(responderOf()))).toBe(true)
    expect(await verifies(responseOf(), { certificates: [] })).toBe(false)
    expect(await verifies(responseOf(), { certificates: [], trustAnchors: [ca.certificate] })).toBe(true)
    expect(await verifies(responseOf(), { at: days(400) })).toBe(false)
    expect(await verifies(encodeOcspError('unauthorized'))).toBe(false)
  })

  it('takes nobody else', async () => {
    const stranger = responderOf({ issuer: root })
    expect(await verifies(responseOf(stranger))).toBe(false)
    expect(await verifies(responseOf(responderOf({ extensions: [] })))).toBe(false)
    expect(await verifies(responseOf({ by: { key: newKey(), certificate: ca.certificate } }))).toBe(false)
    expect(await verifies(responseOf({ responses: [] }))).toBe(false)
    const ofTwoCas = [single(), single({ certId: certIdOf(ca.certificate, root) })]
    expect(await verifies(responseOf({ responses: ofTwoCas }))).toBe(false)
    expect(await verifies(responseOf(stranger), { anyResponder: true })).toBe(true)
  })
})
