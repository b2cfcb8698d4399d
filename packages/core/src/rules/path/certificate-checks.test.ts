import { describe, expect, it } from 'vitest'
import { createExtension, type Extension } from '../../x509/extension.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { certificatePolicies } from '../../x509/extensions/certificate-policies.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { keyUsage, type KeyUsage } from '../../x509/extensions/key-usage.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import { keyPurposes } from '../../x509/key-purposes.js'
import { certificateFault, keyReader } from './certificate-checks.js'
import type { PathRole, PathSettings } from './path-settings.js'
import { certificateOf, days, newKey, noon, plainSettings } from './test-certificates.js'

const key = newKey()
const certificate = (...extensions: Extension[]) => certificateOf({ name: 'One', key, extensions })
const look = (one: ReturnType<typeof certificate>, role: PathRole, change: Partial<PathSettings> = {}) =>
  certificateFault(one, { role, depth: 1 }, { ...plainSettings, ...change }, keyReader())

const ca = createExtension(basicConstraints, { isCa: true, pathLength: undefined }, { critical: true })
const noCa = createExtension(basicConstraints, { isCa: false, pathLength: undefined }, { critical: true })
const usage = (...usages: KeyUsage[]) => createExtension(keyUsage, usages, { critical: true })
const purposes = (...oids: string[]) => createExtension(extendedKeyUsage, oids, { critical: false })
const dns = (value: string) => ({ type: 'dns' as const, value })
const anchored = (change: Partial<PathSettings['anchor']>) => ({
  anchor: { ...plainSettings.anchor, ...change },
})

describe('a fault of time (RFC 5280 §6.1.3 (a)(2))', () => {
  const one = certificateOf({ name: 'One', key, notBefore: noon, notAfter: days(1) })
  const at = (time: Date) => look(one, 'endEntity', { at: time })

  it('is none from the first instant of the first second to the last of the last', () => {
    expect(at(noon)).toBeUndefined()
    expect(at(new Date(days(1).getTime() + 999))).toBeUndefined()
  })

  it('names the certificate, its depth, and both times', () => {
    expect(at(new Date(noon.getTime() - 1))).toEqual({
      fault: 'not_yet_valid',
      depth: 1,
      clause: 'RFC 5280 §6.1.3 (a)(2)',
      message: '"CN=One" is not valid before 2026-03-01T12:00:00Z; it was validated at 2026-03-01T11:59:59Z',
      subject: 'CN=One',
      serialNumber: one.serialNumber,
    })
    expect(at(new Date(days(1).getTime() + 1000))).toMatchObject({
      fault: 'expired',
      depth: 1,
      message: '"CN=One" expired at 2026-03-02T12:00:00Z; it was validated at 2026-03-02T12:00:01Z',
      serialNumber: one.serialNumber,
    })
  })
})

/** A PolicyQualifierInfo of the type 1.2.3.6, with NULL. */
const unknownQualifier = Uint8Array.of(0x30, 7, 6, 3, 0x2a, 3, 6, 5, 0)

const policies = (type: 'cPS' | 'unknown', critical: boolean) =>
  createExtension(
    certificatePolicies,
    [
      { policyIdentifier: '1.2.3.4', qualifiers: [{ type: 'cPS', uri: 'http://pki.example.org/' }] },
      {
        policyIdentifier: '1.2.3.5',
        qualifiers: [
          type === 'cPS'
            ? { type, uri: 'http://pki.example.org/' }
            : { type, qualifierId: '1.2.3.6', der: unknownQualifier },
        ],
      },
    ],
    { critical },
  )

describe('a critical certificatePolicies (§4.2.1.4)', () => {
  it('with a qualifier that is known, or not critical, is processed', () => {
    expect(look(certificate(policies('cPS', true)), 'endEntity')).toBeUndefined()
    expect(look(certificate(policies('unknown', false)), 'endEntity')).toBeUndefined()
  })

  it('with one qualifier of an unknown type among others is not', () => {
    expect(look(certificate(policies('unknown', true)), 'endEntity')).toMatchObject({
      fault: 'unprocessable_extension',
      message:
        '"CN=One" has the critical extension 2.5.29.32 with a qualifier of an unknown type, which is not processed',
    })
  })

  it('that is not there is no matter, beside one that is critical', () => {
    expect(look(certificate(usage('digitalSignature')), 'endEntity')).toBeUndefined()
  })
})

describe('an intermediate', () => {
  it.each([
    ['without basicConstraints', [], 'not_a_ca'],
    ['that says it is no CA', [noCa], 'not_a_ca'],
    ['whose key may not sign certificates', [ca, usage('cRLSign')], 'key_cert_sign_missing'],
  ] as const)('%s is refused', (_, extensions, fault) => {
    expect(look(certificate(...extensions), 'intermediate')).toMatchObject({ fault })
  })

  it.each([
    ['without a keyUsage', [ca]],
    ['whose key may sign certificates among other things', [ca, usage('cRLSign', 'keyCertSign')]],
  ] as const)('%s is not', (_, extensions) => {
    expect(look(certificate(...extensions), 'intermediate')).toBeUndefined()
  })
})

describe('a trust anchor', () => {
  const expired = certificateOf({
    name: 'Old',
    key,
    notAfter: days(-0.5),
    extensions: [noCa, usage('cRLSign')],
  })

  it('is a name and a key, and what else it says counts where it is asked for (§6.1.1 (d), RFC 5937)', () => {
    expect(look(expired, 'trustAnchor')).toBeUndefined()
    expect(look(expired, 'trustAnchor', anchored({ expiry: true }))).toMatchObject({ fault: 'expired' })
    expect(look(expired, 'trustAnchor', anchored({ constraints: true }))).toMatchObject({ fault: 'not_a_ca' })
    expect(look(expired, 'trustAnchor', { purposes: [keyPurposes.serverAuth] })).toBeUndefined()
  })

  it('of old says nothing, and so nothing against itself', () => {
    expect(look(certificate(), 'trustAnchor', anchored({ constraints: true }))).toBeUndefined()
  })

  it.each([
    ['its key may not sign certificates', [ca, usage('cRLSign')], 'key_cert_sign_missing'],
    ['its purposes are others', [ca, purposes(keyPurposes.clientAuth)], 'purpose_not_nested'],
  ] as const)('whose constraints count is refused where %s', (_, extensions, fault) => {
    const asked = { ...anchored({ constraints: true }), purposes: [keyPurposes.serverAuth] }
    expect(look(certificate(...extensions), 'trustAnchor', asked)).toMatchObject({ fault })
  })

  it('that must say that it is a CA is refused where it says nothing, whatever it says there', () => {
    const asked = anchored({ basicConstraints: true })
    expect(look(certificate(), 'trustAnchor', asked)).toMatchObject({
      fault: 'not_a_ca',
      message: '"CN=One" is a trust anchor and does not say that it is a CA',
    })
    expect(look(certificate(ca), 'trustAnchor', asked)).toBeUndefined()
    expect(look(certificate(noCa), 'trustAnchor', asked)).toBeUndefined()
  })
})

describe('an end entity', () => {
  const named = certificate(
    createExtension(subjectAltName, [{ type: 'dns', value: 'db.example.org' }], { critical: false }),
    usage('digitalSignature'),
  )

  it('is for one of the names that were asked for, and need not be for all', () => {
    expect(look(named, 'endEntity', { identities: [dns('a.org'), dns('db.example.org')] })).toBeUndefined()
    expect(look(named, 'endEntity', { identities: [dns('a.org'), dns('b.org')] })).toMatchObject({
      fault: 'identity_mismatch',
      message: '"CN=One" is not for "a.org", "b.org" (subjectAltName)',
    })
  })

  it('has every usage that was asked for, unless it says nothing of usages', () => {
    const keyUsages = ['digitalSignature', 'keyAgreement', 'keyEncipherment'] as const
    expect(look(named, 'endEntity', { keyUsages })).toMatchObject({
      fault: 'key_usage_refused',
      message: '"CN=One" may not be used for keyAgreement, keyEncipherment (keyUsage)',
    })
    expect(look(named, 'endEntity', { keyUsages: ['digitalSignature'] })).toBeUndefined()
    expect(look(certificate(), 'endEntity', { keyUsages })).toBeUndefined()
  })

  it('that is a CA is not looked at as one', () => {
    expect(look(certificate(noCa, usage('cRLSign')), 'endEntity')).toBeUndefined()
  })
})

describe('purposes (§4.2.1.12)', () => {
  const asked = { purposes: [keyPurposes.serverAuth, '1.2.3.4'] }

  it('are told by name where they have one, and by OID where not', () => {
    const one = certificate(purposes(keyPurposes.clientAuth, '1.2.3.9'))
    expect(look(one, 'endEntity', asked)).toMatchObject({
      fault: 'purpose_refused',
      message: '"CN=One" is for clientAuth, 1.2.3.9, not for serverAuth, 1.2.3.4',
    })
  })

  it('of a CA bind what is below it', () => {
    const one = certificate(ca, purposes(keyPurposes.serverAuth, keyPurposes.clientAuth))
    expect(look(one, 'intermediate', asked)).toMatchObject({
      fault: 'purpose_not_nested',
      message: '"CN=One" may issue for serverAuth, clientAuth, not for 1.2.3.4',
    })
    expect(look(one, 'intermediate', { purposes: [keyPurposes.serverAuth] })).toBeUndefined()
  })

  it('may be any, or none may be named, unless the end entity must name its own', () => {
    const any = certificate(ca, purposes(keyPurposes.anyExtendedKeyUsage))
    const must = { ...asked, requirePurpose: true }
    for (const one of [any, certificate(ca)]) {
      expect(look(one, 'endEntity', asked)).toBeUndefined()
      expect(look(one, 'endEntity', must)).toMatchObject({ fault: 'purpose_refused' })
      expect(look(one, 'intermediate', must)).toBeUndefined()
    }
  })
})

describe('a rule of a profile', () => {
  const broken = { state: 'is not ours', clause: 'X §1' }

  it('is told in its words, with its clause', () => {
    expect(look(certificate(), 'endEntity', { rules: [() => undefined, () => broken] })).toEqual({
      fault: 'rule_broken',
      depth: 1,
      clause: 'X §1',
      message: '"CN=One" is not ours',
      subject: 'CN=One',
      serialNumber: expect.stringMatching(/^[0-9a-f]+$/) as string,
    })
  })

  it.each([true, false, undefined])(
    'that does not bind the self-signed (%s) says so to the search',
    (value) => {
      const rule = () => ({ ...broken, ...(value !== undefined && { unlessSelfSigned: value }) })
      const fault = look(certificate(), 'endEntity', { rules: [rule] })
      expect(fault?.unlessSelfSigned).toBe(value === true ? true : undefined)
      expect(fault).not.toHaveProperty('unlessSelfSigned', false)
    },
  )
})
