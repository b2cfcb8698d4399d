import {
  createAuthority,
  createCertificateRequest,
  createName,
  operator,
  platformCrypto,
} from '@certwright/core'
import { memoryStorage } from '@certwright/memory'
import { describe, expect, it } from 'vitest'
import { forgeKey } from '../forge/keys/forge-key.js'
import { crashAt } from '../chaos/crash-at.js'
import { seededCustody } from './seeded-custody.js'

const me = { principal: operator('test') }
const host = { commonName: 'www.example.org' }

function seededAuthority(seed: string, custody = seededCustody(seed)) {
  let octet = 0
  return createAuthority({
    storage: memoryStorage(),
    custody,
    clock: { now: () => new Date('2026-06-01T12:00:00Z') },
    random: { bytes: (length) => new Uint8Array(length).map(() => octet++) },
  })
}

/** A root, an issuing CA and a certificate for a key of the test's. */
async function historyOf(seed: string): Promise<readonly string[]> {
  const authority = seededAuthority(seed)
  const root = await authority.createRoot({ name: 'Root' }, me)
  const ca = await authority.createIntermediate({ name: 'CA', parentCaId: root.id }, me)
  const key = await platformCrypto.importSigningKey(forgeKey('subscriber', 'Ed25519').pkcs8Der)
  const csr = await createCertificateRequest(
    { subject: createName(host), subjectAltNames: [{ type: 'dns', value: host.commonName }] },
    key,
  )
  const csrPem = `-----BEGIN CERTIFICATE REQUEST-----\n${Buffer.from(csr).toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`
  const { certificate } = await authority.issue({ caId: ca.id, mode: 'csr', csrPem }, me)
  return [root.certificatePem, ca.certificatePem, certificate.certificatePem]
}

describe('an authority over a seeded custody', () => {
  it('repeats its history byte for byte', async () => {
    expect(await historyOf('one')).toEqual(await historyOf('one'))
    expect(await historyOf('other')).not.toEqual(await historyOf('one'))
  })

  it('issues nothing for public trust, in whatever the custody is wrapped', async () => {
    const inner = seededCustody('one')
    for (const custody of [inner, crashAt({ custody: inner }, 99, 'before').custody]) {
      const authority = seededAuthority('one', custody)
      const { id: caId } = await authority.createRoot({ name: 'Root' }, me)
      await expect(authority.issue({ caId, ...host, profile: 'publicServerAuth' }, me)).rejects.toMatchObject(
        { code: 'profile_refused', context: { item: 'custody' } },
      )
      await expect(authority.issue({ caId, ...host }, me)).resolves.toBeDefined()
    }
  })

  it('refuses profiles of a host that are for public trust, too', async () => {
    const authority = createAuthority({
      storage: memoryStorage(),
      custody: seededCustody('one'),
      profiles: {
        shop: {
          keyUsage: ['digitalSignature'],
          extendedKeyUsage: ['serverAuth'],
          nameKinds: ['dns'],
          forPublicTrust: true,
        },
      },
    })
    const { id: caId } = await authority.createRoot({ name: 'Root' }, me)
    await expect(authority.issue({ caId, ...host, profile: 'shop' }, me)).rejects.toMatchObject({
      code: 'profile_refused',
    })
  })
})

describe('a seeded custody', () => {
  const message = new Uint8Array(3)
  const sign = (keyId: string, passphrase?: string) =>
    seeded.sign({
      keyId,
      algorithm: 'ECDSA-SHA256',
      message,
      ...(passphrase !== undefined && { passphrase }),
    })
  const seeded = seededCustody('custody')

  it('keeps to the port: passphrases, unknown keys, algorithms that it lacks', async () => {
    const { keyId } = await seeded.generateKey({ keyAlgorithm: 'ECDSA-P256', passphrase: 'open' })
    await expect(sign(keyId)).rejects.toMatchObject({ code: 'passphrase_required' })
    await expect(sign(keyId, 'shut')).rejects.toMatchObject({ code: 'wrong_passphrase' })
    await expect(sign(keyId, 'open')).resolves.toBeInstanceOf(Uint8Array)
    await expect(seeded.checkPassphrase({ keyId, passphrase: 'shut' })).rejects.toMatchObject({
      code: 'wrong_passphrase',
    })
    await seeded.destroyKey(keyId)
    await expect(sign(keyId, 'open')).rejects.toMatchObject({ code: 'custody_key_not_found' })
    await expect(seeded.generateKey({ keyAlgorithm: 'ML-DSA-44' })).rejects.toMatchObject({
      code: 'unsupported_algorithm',
    })
  })

  it('signs with imported keys as with its own', async () => {
    for (const algorithm of ['ECDSA-P256', 'ECDSA-P384', 'Ed25519', 'RSA-2048'] as const) {
      const key = forgeKey('imported', algorithm)
      const { keyId, spkiDer, keyAlgorithm } = await seeded.importKey({ pkcs8Der: key.pkcs8Der })
      expect({ spkiDer, keyAlgorithm }).toEqual({ spkiDer: key.spkiDer, keyAlgorithm: algorithm })
      const signed = await seeded.sign({ keyId, algorithm: key.signatureAlgorithm as never, message })
      expect(signed).toEqual(key.sign(message))
    }
    const { pkcs8Der } = await platformCrypto.generateKeyPair('Ed448')
    await expect(seeded.importKey({ pkcs8Der })).rejects.toMatchObject({ code: 'unsupported_algorithm' })
    await expect(seeded.importKey({ pkcs8Der: message })).rejects.toMatchObject({ code: 'invalid_der' })
  })
})
