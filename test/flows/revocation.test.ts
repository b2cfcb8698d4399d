import {
  createAuthority,
  crlEntries,
  isPkiError,
  parseCrl,
  type SettableReason,
  settableReasons,
} from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { hanging } from './hanging-custody.js'
import { asHost, newCsr, newRoot, newSetting, ocspStatus } from './setting.js'

const csrPem = await newCsr({ commonName: 'db.example.org' })

async function setting() {
  const made = newSetting()
  const root = await newRoot(made.authority)
  const below = { parentCaId: root.id, name: 'Issuing', keyAlgorithm: 'Ed25519' } as const
  const issuing = await made.authority.createIntermediate(below, asHost)
  const { certificate } = await made.authority.issue({ caId: issuing.id, mode: 'csr', csrPem }, asHost)
  return { ...made, root, issuing, certificate }
}

const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'ok',
    (error: unknown) => (isPkiError(error) ? error.code : Promise.reject(error)),
  )

type State = 'good' | 'held' | 'revoked'
const toHold: SettableReason = 'certificateHold'
const reasonInto: Record<State, SettableReason | undefined> = {
  good: undefined,
  held: toHold,
  revoked: 'keyCompromise',
}

/** RFC 5280 §5.3.1: revocation is final; a hold may end in one. */
function expected(state: State, reason: SettableReason): string {
  if (state === 'revoked') return 'already_revoked'
  return state === 'held' && reason === toHold ? 'transition_refused' : 'ok'
}

const table = (['good', 'held', 'revoked'] as const).flatMap((state) =>
  settableReasons.map((reason) => ({ state, reason, outcome: expected(state, reason) })),
)

describe('the revocation of a certificate', () => {
  it.each(table)('that is $state, for $reason: $outcome', async ({ state, reason, outcome }) => {
    const { authority, clock, issuing, certificate } = await setting()
    const before = reasonInto[state]
    if (before !== undefined)
      await authority.revoke({ certificateId: certificate.id, reason: before }, asHost)
    const then = clock.now()
    clock.forward(60)
    expect(await codeOf(authority.revoke({ certificateId: certificate.id, reason }, asHost))).toBe(outcome)
    const stands = outcome === 'ok' ? { at: clock.now(), reason } : { at: then, reason: before }
    const found = await authority.getCertificate(certificate.id, asHost)
    expect(found).toMatchObject({ revokedAt: stands.at, revocationReason: stands.reason })
    expect(await ocspStatus(authority, issuing, certificate.serialNumber)).toEqual({
      kind: 'revoked',
      revocationTime: stands.at,
      // Saying nothing says the same (§5.3.1).
      reason: stands.reason === 'unspecified' ? undefined : stands.reason,
    })
    const entries = [...crlEntries(parseCrl((await authority.crl(issuing.id)).der))]
    expect(entries.map(({ serialNumber, revocationDate }) => [serialNumber, revocationDate])).toEqual([
      [certificate.serialNumber, stands.at],
    ])
  })

  it('keeps the first reason and time for whoever comes second, who is told the time', async () => {
    const { authority, clock, certificate } = await setting()
    const first = await authority.revoke({ certificateId: certificate.id, reason: 'keyCompromise' }, asHost)
    clock.forward(1)
    await expect(authority.revoke({ certificateId: certificate.id }, asHost)).rejects.toMatchObject({
      code: 'already_revoked',
      context: { certificateId: certificate.id, revokedAt: first.revokedAt },
    })
  })

  it('is won by one of ten who try at once, and told of once', async () => {
    const { authority, storage, certificate, issuing } = await setting()
    const attempts = settableReasons.map((reason) =>
      codeOf(authority.revoke({ certificateId: certificate.id, reason }, asHost)),
    )
    const outcomes = await Promise.all(attempts)
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1)
    expect((await storage.crlState(issuing.id, 'complete')).revocationCount).toBe(1)
    const told = await storage.listAuditEvents({ subjectId: certificate.id }, 100)
    expect(told.map(({ type }) => type)).toEqual(['certificate.issued', 'certificate.revoked'])
  })

  it('can follow its expiry, and the revocation of its CA', async () => {
    const { authority, clock, issuing, certificate } = await setting()
    await authority.revokeCa({ caId: issuing.id }, asHost)
    clock.forward(400 * 86_400)
    expect(await codeOf(authority.revoke({ certificateId: certificate.id }, asHost))).toBe('ok')
  })

  it.each(['removeFromCRL', 'aACompromise', 'none', 1])('takes no reason %j', async (reason) => {
    const { authority, certificate } = await setting()
    const request = { certificateId: certificate.id, reason } as never
    expect(await codeOf(authority.revoke(request, asHost))).toBe('invalid_request')
  })
})

describe('the revocation of a CA', () => {
  it.each(settableReasons)('for %s', async (reason) => {
    const { authority, root, issuing } = await setting()
    const outcome = reason === toHold ? 'transition_refused' : 'ok'
    expect(await codeOf(authority.revokeCa({ caId: issuing.id, reason }, asHost))).toBe(outcome)
    const status = await ocspStatus(authority, root, issuing.serialNumber)
    expect(status.kind).toBe(outcome === 'ok' ? 'revoked' : 'good')
  })

  it('is final, whatever the second reason is', async () => {
    const { authority, issuing } = await setting()
    await authority.revokeCa({ caId: issuing.id, reason: 'keyCompromise' }, asHost)
    for (const reason of settableReasons) {
      expect(await codeOf(authority.revokeCa({ caId: issuing.id, reason }, asHost))).toBe('already_revoked')
    }
    expect(await authority.getCa(issuing.id, asHost)).toMatchObject({ revocationReason: 'keyCompromise' })
  })

  it('stands on the CRL of its issuer; its own CRL and OCSP go on', async () => {
    const { authority, root, issuing, certificate } = await setting()
    await authority.revokeCa({ caId: issuing.id }, asHost)
    const serialsOn = async (caId: string) =>
      [...crlEntries(parseCrl((await authority.crl(caId)).der))].map(({ serialNumber }) => serialNumber)
    expect(await serialsOn(root.id)).toEqual([issuing.serialNumber])
    expect(await serialsOn(issuing.id)).toEqual([])
    expect(await ocspStatus(authority, issuing, certificate.serialNumber)).toEqual({ kind: 'good' })
  })

  it('ends issuance from it, below it, and nowhere else', async () => {
    const { authority, root, issuing, certificate } = await setting()
    const deep = await authority.createIntermediate(
      { parentCaId: issuing.id, name: 'Deep', keyAlgorithm: 'Ed25519' },
      asHost,
    )
    const beside = await authority.createIntermediate(
      { parentCaId: root.id, name: 'Beside', keyAlgorithm: 'Ed25519' },
      asHost,
    )
    await authority.revokeCa({ caId: issuing.id }, asHost)
    for (const ca of [issuing, deep]) {
      expect(await codeOf(authority.issue({ caId: ca.id, mode: 'csr', csrPem }, asHost))).toBe('ca_revoked')
      const below = { parentCaId: ca.id, name: `Below ${ca.name}`, keyAlgorithm: 'Ed25519' } as const
      expect(await codeOf(authority.createIntermediate(below, asHost))).toBe('ca_revoked')
    }
    expect(await codeOf(authority.renew({ certificateId: certificate.id, csrPem }, asHost))).toBe(
      'ca_revoked',
    )
    expect(await codeOf(authority.issue({ caId: beside.id, mode: 'csr', csrPem }, asHost))).toBe('ok')
    const listed = (await authority.listCas({}, asHost)).map(({ name }) => name)
    expect(listed.sort()).toEqual(['Beside', 'Deep', 'Root'])
    expect((await authority.getCa(issuing.id, asHost)).revokedAt).toBeInstanceOf(Date)
  })

  it('that is a root stands on its own CRL, and ends its whole tree', async () => {
    const { authority, root, issuing } = await setting()
    await authority.revokeCa({ caId: root.id, reason: 'caCompromise' }, asHost)
    expect(await codeOf(authority.issue({ caId: issuing.id, mode: 'csr', csrPem }, asHost))).toBe(
      'ca_revoked',
    )
    const { der } = await authority.crl(root.id)
    expect([...crlEntries(parseCrl(der))].map(({ serialNumber }) => serialNumber)).toEqual([
      root.serialNumber,
    ])
  })

  it('frees its name', async () => {
    const { authority, root, issuing } = await setting()
    const again = { parentCaId: root.id, name: 'Issuing', keyAlgorithm: 'Ed25519' } as const
    expect(await codeOf(authority.createIntermediate(again, asHost))).toBe('storage_conflict')
    await authority.revokeCa({ caId: issuing.id }, asHost)
    expect(await codeOf(authority.createIntermediate(again, asHost))).toBe('ok')
  })

  it('is won by one of two who try at once', async () => {
    const { authority, issuing } = await setting()
    const outcomes = await Promise.all(
      [1, 2].map(() => codeOf(authority.revokeCa({ caId: issuing.id }, asHost))),
    )
    expect(outcomes.sort()).toEqual(['already_revoked', 'ok'])
  })
})

describe('a renewal', () => {
  it('is refused for what was revoked or is on hold', async () => {
    const { authority, certificate } = await setting()
    await authority.revoke({ certificateId: certificate.id, reason: toHold }, asHost)
    const renewal = { certificateId: certificate.id, csrPem: await newCsr() }
    expect(await codeOf(authority.renew(renewal, asHost))).toBe('already_revoked')
  })

  it('needs a CSR exactly where the certificate came from one', async () => {
    const { authority, issuing, certificate } = await setting()
    expect(await codeOf(authority.renew({ certificateId: certificate.id }, asHost))).toBe('csr_required')
    const managed = await authority.issue(
      { caId: issuing.id, commonName: 'a.example.org', keyAlgorithm: 'Ed25519' },
      asHost,
    )
    const { id } = managed.certificate
    expect(await codeOf(authority.renew({ certificateId: id, csrPem }, asHost))).toBe('csr_unexpected')
    const renewed = await authority.renew({ certificateId: id }, asHost)
    expect(renewed.certificate).toMatchObject({ renewedFrom: id, sanDns: ['a.example.org'], mode: 'managed' })
    expect(renewed.privateKeyPem).not.toBe(managed.privateKeyPem)
    expect((await authority.getCertificate(id, asHost)).revokedAt).toBeUndefined()
  })

  it('gives no name that the certificate did not have', async () => {
    const { authority, certificate } = await setting()
    const wider = await newCsr({ commonName: 'db.example.org', dns: ['db.example.org', 'admin.example.org'] })
    const renewal = { certificateId: certificate.id, csrPem: wider }
    expect(await codeOf(authority.renew(renewal, asHost))).toBe('name_refused')
  })
})

describe('a certificate that is signed while', () => {
  it('its CA is revoked is recorded, revoked, and not handed out', async () => {
    const { storage, custody, clock, authority, root, issuing } = await setting()
    const { slow, begun, letGo } = hanging(custody)
    const late = codeOf(
      createAuthority({ storage, custody: slow, clock }).issue(
        { caId: issuing.id, mode: 'csr', csrPem },
        asHost,
      ),
    )
    await begun
    await authority.revokeCa({ caId: root.id }, asHost)
    letGo()
    expect(await late).toBe('ca_revoked')
    const { certificates } = await authority.listCertificates({ caId: issuing.id, status: 'revoked' }, asHost)
    expect(certificates.map(({ revocationReason }) => revocationReason)).toEqual(['superseded'])
  })

  it('the one that it renews is revoked is recorded, revoked, and not handed out', async () => {
    const { storage, custody, clock, authority, certificate } = await setting()
    const { slow, begun, letGo } = hanging(custody)
    const renewal = { certificateId: certificate.id, csrPem: await newCsr() }
    const late = codeOf(createAuthority({ storage, custody: slow, clock }).renew(renewal, asHost))
    await begun
    await authority.revoke({ certificateId: certificate.id, reason: 'privilegeWithdrawn' }, asHost)
    letGo()
    expect(await late).toBe('already_revoked')
    const { certificates } = await authority.listCertificates({ status: 'active' }, asHost)
    expect(certificates).toEqual([])
  })
})
