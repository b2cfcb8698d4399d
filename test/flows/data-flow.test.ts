import { recordCalls } from '@certwright/testing'
import { describe, expect, it } from 'vitest'
import { createAuthority } from '@certwright/core'
import { asHost, newCsr, newRoot, newSetting, ocspQuestion, passphrase } from './setting.js'

/**
 * Every flow, as its ports see it: what is read, then one transaction that reserves, then the signature, then one that
 * records. Nothing but the transaction itself is called between `begin` and `commit`.
 */
const events = ['tx.appendEvents']
/** The signature may have taken long: neither the issuer nor the root above it was revoked meanwhile. */
const stillAllowed = ['tx.findCaLineage']
/** Re-issued and cross certificates of a CA: none. */
const more = ['findIdempotencyRecord']
const reserve = ['begin', 'tx.insertReservations', 'commit']

/** A root, an issuing CA below it and a certificate, made with the plain ports; then an authority that is watched. */
async function watchedSetting(options: { readonly passphrase?: string } = {}) {
  const { storage, custody, clock, authority } = newSetting()
  const root = await newRoot(authority, options)
  const issuing = await authority.createIntermediate(
    {
      parentCaId: root.id,
      name: 'Issuing',
      keyAlgorithm: 'Ed25519',
      ...(options.passphrase && { parentPassphrase: passphrase }),
    },
    asHost,
  )
  const csrPem = await newCsr({ commonName: 'db.example.org' })
  const { certificate } = await authority.issue({ caId: issuing.id, mode: 'csr', csrPem }, asHost)
  const { calls, ports } = recordCalls({ storage, custody })
  return { root, issuing, certificate, csrPem, calls, authority: createAuthority({ ...ports, clock }) }
}

describe('the port calls of', () => {
  it('an issuance with an idempotency key', async () => {
    const { authority, calls, issuing, csrPem } = await watchedSetting()
    await authority.issue({ caId: issuing.id, mode: 'csr', csrPem }, { ...asHost, idempotencyKey: 'k' })
    expect(calls).toEqual([
      'findCaLineage', // the CA and the root above: may the principal?
      'findIdempotencyRecord',
      ...more,
      ...more,
      'begin',
      'tx.claimIdempotencyKey',
      'tx.insertReservations',
      'commit',
      'custody.sign',
      'begin',
      'tx.insertCertificates',
      'tx.closeReservations',
      ...events,
      ...stillAllowed,
      'tx.completeIdempotencyKey',
      'commit',
    ])
  })

  it('its replay: reads alone', async () => {
    const { authority, calls, issuing, csrPem } = await watchedSetting()
    const options = { ...asHost, idempotencyKey: 'k' }
    await authority.issue({ caId: issuing.id, mode: 'csr', csrPem }, options)
    calls.length = 0
    await authority.issue({ caId: issuing.id, mode: 'csr', csrPem }, options)
    expect(calls).toEqual(['findCaLineage', 'findIdempotencyRecord', 'findCertificate'])
  })

  it('a plan: reads alone', async () => {
    const { authority, calls, issuing, csrPem } = await watchedSetting()
    await authority.plan({ caId: issuing.id, mode: 'csr', csrPem }, asHost)
    expect(calls).toEqual(['findCaLineage', ...more, ...more])
  })

  it('a renewal', async () => {
    const { authority, calls, certificate } = await watchedSetting()
    const csrPem = await newCsr()
    await authority.renew({ certificateId: certificate.id, csrPem }, asHost)
    expect(calls).toEqual([
      'findCertificate',
      'findCaLineage', // its CA and the root above: may the principal?
      ...more,
      ...more,
      ...reserve,
      'custody.sign',
      'begin',
      'tx.insertCertificates',
      'tx.closeReservations',
      ...events,
      ...stillAllowed,
      'tx.findCertificate', // nor the one that is renewed
      'commit',
    ])
  })

  it('a revocation: one transaction, and no signature', async () => {
    const { authority, calls, certificate } = await watchedSetting()
    await authority.revoke({ certificateId: certificate.id }, asHost)
    const recording = ['begin', 'tx.insertRevocation', ...events, 'commit']
    const news = ['crlState'] // what relying parties have heard
    expect(calls).toEqual(['findCertificate', 'findCa', ...recording, ...news])
  })

  it('the revocation of a CA', async () => {
    const { authority, calls, issuing } = await watchedSetting()
    await authority.revokeCa({ caId: issuing.id }, asHost)
    expect(calls).toEqual(['findCa', 'findCa', ...more, 'begin', 'tx.insertRevocation', ...events, 'commit'])
  })

  it('a CRL: its number is durable before its entries are read and before the key is used', async () => {
    const { authority, calls, issuing } = await watchedSetting()
    await authority.crl(issuing.id)
    expect(calls).toEqual([
      'findCa',
      'crlState',
      'begin',
      'tx.nextCrlNumber',
      'commit',
      'crlState',
      'listCrlEntries',
      'custody.sign',
      'begin',
      'tx.crlState',
      'tx.insertCrl',
      ...events,
      'commit',
    ])
    calls.length = 0
    await authority.crl(issuing.id)
    expect(calls).toEqual(['findCa', 'crlState', 'findLatestCrl'])
  })

  it('an OCSP response: nothing is written', async () => {
    const { authority, calls, issuing, certificate } = await watchedSetting()
    await authority.answerOcsp(issuing.id, ocspQuestion(issuing, certificate.serialNumber))
    expect(calls).toEqual(['findCa', 'findSerial', 'custody.sign'])
  })

  it('a new root', async () => {
    const { authority, calls } = await watchedSetting()
    await newRoot(authority, { name: 'Second' })
    expect(calls).toEqual([
      'findWorkspaceBySlug',
      'listCas',
      'custody.generateKey',
      ...reserve,
      'custody.sign',
      'begin',
      'tx.insertCa',
      'tx.closeReservations',
      ...events,
      'commit',
    ])
  })

  it('a new intermediate', async () => {
    const { authority, calls, root } = await watchedSetting()
    const request = { parentCaId: root.id, name: 'Second', keyAlgorithm: 'Ed25519' } as const
    await authority.createIntermediate(request, asHost)
    expect(calls).toEqual([
      'findCaLineage',
      ...more, // of the root
      'listCas',
      'custody.generateKey',
      ...reserve,
      'custody.sign',
      'begin',
      'tx.insertCa',
      'tx.closeReservations',
      ...events,
      'commit',
    ])
  })

  it('the revocation of a locked root: its passphrase is checked first, its CRL follows at once', async () => {
    const { authority, calls, root } = await watchedSetting({ passphrase })
    await authority.revokeCa({ caId: root.id, caPassphrase: passphrase }, asHost)
    expect(calls).toEqual([
      'findCa',
      'custody.checkPassphrase',
      ...more,
      'begin',
      'tx.insertRevocation',
      ...events,
      'commit',
      // While it is unlocked: the responder is fresh, the list lacks the entry.
      'findCa',
      'crlState',
      'begin',
      'tx.nextCrlNumber',
      'commit',
      'crlState',
      'listCrlEntries',
      'custody.sign',
      'begin',
      'tx.crlState',
      'tx.insertCrl',
      ...events,
      'commit',
    ])
  })
})
