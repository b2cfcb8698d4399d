import {
  extendedKeyUsage,
  findExtension,
  isPkiError,
  keyPurposes,
  ocspNoCheck,
  parseCertificate,
  parseCrl,
  parseOcspResponse,
} from '@certwright/core'
import { observePorts } from '@certwright/testing'
import { describe, expect, it } from 'vitest'
import { replaceMethods } from '../../packages/testing/src/chaos/replace-methods.js'
import {
  asHost,
  cheapCustody,
  day,
  isSignedBy,
  newCsr,
  newRoot,
  newSetting,
  ocspQuestion,
  ocspStatus,
  passphrase,
} from './setting.js'

const csrPem = await newCsr({ commonName: 'db.example.org' })
const other = 'another passphrase'

/** A locked root, a locked CA below it under another passphrase, and a certificate of that. */
async function setting(options: Parameters<typeof newSetting>[0] = {}) {
  const made = newSetting(options)
  const root = await newRoot(made.authority, { passphrase })
  const below = {
    parentCaId: root.id,
    name: 'Issuing',
    keyAlgorithm: 'Ed25519',
    parentPassphrase: passphrase,
  } as const
  const issuing = await made.authority.createIntermediate({ ...below, passphrase: other }, asHost)
  const request = { caId: issuing.id, mode: 'csr', csrPem, caPassphrase: other } as const
  const { certificate } = await made.authority.issue(request, asHost)
  return { ...made, root, issuing, certificate, request }
}

type Made = Awaited<ReturnType<typeof setting>>

const trace = async ({ storage, issuing, root, clock }: Made) => ({
  audit: await storage.listAuditEvents({}, 100),
  outbox: await storage.listOutboxEvents(100),
  cas: await storage.listCas({ includeRevoked: true }),
  certificates: await storage.listCertificates({ now: clock.now() }, { page: 1, pageSize: 100 }),
  crls: [await storage.crlState(issuing.id, 'complete'), await storage.crlState(root.id, 'complete')],
})

/** Everything that uses the key of a locked CA. */
const operations: readonly [string, (m: Made, given: { caPassphrase?: string }) => Promise<unknown>][] = [
  [
    'an issuance',
    (m, given) => m.authority.issue({ caId: m.issuing.id, mode: 'csr', csrPem, ...given }, asHost),
  ],
  [
    'an issuance in managed mode',
    (m, given) => m.authority.issue({ caId: m.issuing.id, commonName: 'a', ...given }, asHost),
  ],
  ['a plan', (m, given) => m.authority.plan({ caId: m.issuing.id, mode: 'csr', csrPem, ...given }, asHost)],
  [
    'a renewal',
    (m, given) => m.authority.renew({ certificateId: m.certificate.id, csrPem, ...given }, asHost),
  ],
  ['a revocation', (m, given) => m.authority.revoke({ certificateId: m.certificate.id, ...given }, asHost)],
  ['a CRL', (m, given) => m.authority.publishCrl({ caId: m.issuing.id, ...given }, asHost)],
  [
    'a CA below it',
    (m, { caPassphrase }) =>
      m.authority.createIntermediate(
        {
          parentCaId: m.issuing.id,
          name: 'Below',
          keyAlgorithm: 'Ed25519',
          ...(caPassphrase !== undefined && { parentPassphrase: caPassphrase }),
        },
        asHost,
      ),
  ],
  [
    // The entry stands on the CRL of the issuer, so it is the issuer's passphrase that counts.
    'its own revocation, with its own passphrase instead of its issuer’s',
    (m, { caPassphrase }) =>
      m.authority.revokeCa(
        { caId: m.issuing.id, ...(caPassphrase !== undefined && { caPassphrase: other }) },
        asHost,
      ),
  ],
]

describe('a locked CA', () => {
  it.each(operations)('needs its passphrase for %s, and nothing changes without', async (_, run) => {
    const made = await setting()
    const before = await trace(made)
    await expect(run(made, {})).rejects.toMatchObject({ code: 'passphrase_required' })
    for (const caPassphrase of ['wrong passphrase', passphrase, '']) {
      await expect(run(made, { caPassphrase })).rejects.toMatchObject({ code: 'wrong_passphrase' })
    }
    expect(await trace(made)).toEqual(before)
  })

  it('tells no passphrase in its errors', async () => {
    const made = await setting()
    for (const [, run] of operations) {
      const error: unknown = await run(made, { caPassphrase: 'wrong passphrase' }).catch((e: unknown) => e)
      if (!isPkiError(error)) throw new Error('expected a refusal')
      expect(JSON.stringify([error.message, error.context, String(error.cause), error.stack])).not.toContain(
        'wrong passphrase',
      )
    }
  })

  it('has published a CRL and has a responder from its first moment', async () => {
    const { authority, root, issuing } = await setting()
    for (const ca of [root, issuing]) expect((await authority.crl(ca.id)).number).toBeGreaterThanOrEqual(1)
    expect(await ocspStatus(authority, root, issuing.serialNumber)).toEqual({ kind: 'good' })
  })

  it('serves the CRL that it has, also when that is old', async () => {
    const { authority, issuing, clock } = await setting()
    const crl = await authority.crl(issuing.id)
    clock.forward(30 * day)
    expect(await authority.crl(issuing.id)).toEqual(crl)
  })

  it('publishes with a revocation, in which its passphrase is given', async () => {
    const { authority, issuing, certificate } = await setting()
    const before = await authority.crl(issuing.id)
    await authority.revoke({ certificateId: certificate.id, caPassphrase: other }, asHost)
    const after = await authority.crl(issuing.id)
    expect(after.number).toBe(before.number + 1)
    expect(Buffer.from(parseCrl(after.der).entriesDer).toString('hex')).toContain(certificate.serialNumber)
  })

  it('renews a CRL that is a tenth of its life old with any use of the key, and not before', async () => {
    const { authority, issuing, clock, request } = await setting()
    const numberAfter = async (seconds: number): Promise<number> => {
      clock.forward(seconds)
      await authority.issue(request, asHost)
      return (await authority.crl(issuing.id)).number
    }
    const { number } = await authority.crl(issuing.id)
    expect(await numberAfter(0.6 * day)).toBe(number)
    expect(await numberAfter(0.2 * day)).toBe(number + 1)
  })
})

describe('a locked CA whose root is missing from the store', () => {
  it('revokes and publishes, and the host is told that its responder cannot be certified', async () => {
    const made = await setting()
    const { certificate, clock } = made
    const storage = replaceMethods(made.storage, {
      findCaLineage: async (id) => (await made.storage.findCaLineage(id)).slice(0, 1),
    })
    const failures: { task: string; error: unknown }[] = []
    const { authority } = newSetting({ ...made, storage, onBackgroundFailure: (one) => failures.push(one) })
    clock.forward(61 * day)
    const request = { certificateId: certificate.id, caPassphrase: other }
    const { crl } = await authority.revoke(request, asHost)
    expect(crl.isPublished).toBe(true)
    expect(failures).toMatchObject([{ task: 'ocsp responder', error: { code: 'storage_unavailable' } }])
  })
})

describe('the responder of a locked CA', () => {
  it('is certified by the CA for OCSP alone, and need not be checked itself (RFC 6960 §4.2.2.2)', async () => {
    const { authority, issuing, certificate } = await setting()
    const { der } = await authority.answerOcsp(issuing.id, ocspQuestion(issuing, certificate.serialNumber))
    const response = parseOcspResponse(der)
    if (response.status !== 'successful') throw new Error(response.status)
    const [responderDer] = response.basic.certificatesDer
    if (responderDer === undefined) throw new Error('no certificate')
    const responder = parseCertificate(responderDer)
    expect(findExtension(responder.extensions, extendedKeyUsage)).toEqual([keyPurposes.ocspSigning])
    expect(findExtension(responder.extensions, ocspNoCheck)).toBe(true)
    const ca = parseCertificate(issuing.certificateDer)
    expect([...responder.issuer.der]).toEqual([...ca.subject.der])
    expect(await isSignedBy(responder, ca)).toBe(true)
    expect(await isSignedBy(response.basic, responder)).toBe(true)
  })

  it('is renewed with any use of the key when less than a third of its life is left', async () => {
    const made = await setting()
    const { authority, storage, issuing, clock, request } = made
    const responder = async () => (await storage.findCa(issuing.id))?.ocspResponder
    const first = await responder()
    clock.forward(55 * day)
    await authority.issue(request, asHost)
    expect(await responder()).toEqual(first)
    clock.forward(6 * day)
    await authority.issue(request, asHost)
    const second = await responder()
    expect(second?.keyId).not.toBe(first?.keyId)
    expect(second?.notAfter.getTime()).toBeGreaterThan(first?.notAfter.getTime() ?? 0)
    expect(await ocspStatus(authority, issuing, made.certificate.serialNumber)).toEqual({ kind: 'good' })
  })

  it('says tryLater when it has expired, until somebody unlocks the CA', async () => {
    const { authority, issuing, certificate, clock, request } = await setting()
    clock.forward(91 * day)
    const { der } = await authority.answerOcsp(issuing.id, ocspQuestion(issuing, certificate.serialNumber))
    expect(parseOcspResponse(der)).toEqual({ status: 'tryLater' })
    await authority.issue(request, asHost)
    expect(await ocspStatus(authority, issuing, certificate.serialNumber)).toEqual({ kind: 'good' })
  })

  it('that cannot be certified leaves no key in custody', async () => {
    const keys = new Set<string>()
    const made = newSetting()
    const ports = observePorts(
      { storage: made.storage, custody: cheapCustody() },
      ({ name, when, args, result }) => {
        if (name === 'custody.generateKey' && when === 'after') keys.add((result as { keyId: string }).keyId)
        if (name === 'custody.destroyKey' && when === 'after') keys.delete(args[0] as string)
      },
    )
    const { authority, clock } = newSetting({ ...ports, clock: made.clock })
    const root = await newRoot(authority, { passphrase, validityDays: 10 })
    const { certificate } = await authority.issue(
      { caId: root.id, mode: 'csr', csrPem, caPassphrase: passphrase },
      asHost,
    )
    expect(keys.size).toBe(2)
    // The CA has expired: it can revoke, but certify nobody any more.
    clock.forward(20 * day)
    await authority.revoke({ certificateId: certificate.id, caPassphrase: passphrase }, asHost)
    expect(keys.size).toBe(2)
  })

  it('can be certified below a CA whose name has 200 characters, of which some are two code units', async () => {
    const { authority, storage } = newSetting()
    const name = `${'x'.repeat(47)}😀${'y'.repeat(100)}`
    const root = await newRoot(authority, { name, passphrase, subject: { commonName: 'Root' } })
    expect((await storage.findCa(root.id))?.ocspResponder).toBeDefined()
  })

  it('can be certified below a CA that is limited to other purposes', async () => {
    const { authority, storage, root } = await setting()
    const request = {
      parentCaId: root.id,
      name: 'Servers',
      keyAlgorithm: 'Ed25519',
      parentPassphrase: passphrase,
    } as const
    const servers = await authority.createIntermediate(
      { ...request, passphrase: other, extendedKeyUsage: ['serverAuth'] },
      asHost,
    )
    expect((await storage.findCa(servers.id))?.ocspResponder).toBeDefined()
  })
})
