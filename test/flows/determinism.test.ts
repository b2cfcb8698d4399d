import { createAuthority } from '@certwright/core'
import { memoryStorage } from '@certwright/memory'
import { describe, expect, it } from 'vitest'
import { seededCrypto, seededCustody, seededRandom } from './seeded.js'
import { asHost, day, movableClock, newCsr, newRoot, ocspQuestion } from './setting.js'

const csrPem = await newCsr({ commonName: 'db.example.org', dns: ['db.example.org', '*.example.org'] })
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** A history with everything that can be signed in it, as its bytes. */
async function history(seed: string): Promise<readonly string[]> {
  const storage = memoryStorage()
  const clock = movableClock()
  const authority = createAuthority({
    storage,
    clock,
    custody: seededCustody(`${seed} custody`),
    random: seededRandom(`${seed} random`),
    crypto: seededCrypto(`${seed} subscribers`),
    distribution: { baseUrl: 'http://pki.example.org' },
  })
  const root = await newRoot(authority)
  const below = { parentCaId: root.id, name: 'Issuing', keyAlgorithm: 'Ed25519', pathLength: 0 } as const
  const issuing = await authority.createIntermediate(below, asHost)
  const managed = { caId: issuing.id, commonName: 'a.example.org', keyAlgorithm: 'Ed25519' } as const
  const first = await authority.issue(managed, asHost)
  const second = await authority.issue({ caId: issuing.id, mode: 'csr', csrPem }, asHost)
  clock.forward(day)
  const renewed = await authority.renew({ certificateId: first.certificate.id }, asHost)
  await authority.revoke({ certificateId: first.certificate.id, reason: 'superseded' }, asHost)
  const crl = await authority.crl(issuing.id)
  const ocsp = await authority.answerOcsp(issuing.id, ocspQuestion(issuing, second.certificate.serialNumber))
  const certificates = [root, issuing, first.certificate, second.certificate, renewed.certificate]
  const events = await storage.listAuditEvents({}, 100)
  return [
    ...certificates.map(({ certificateDer }) => hex(certificateDer)),
    first.privateKeyPem ?? '',
    hex(crl.der),
    hex(ocsp.der),
    JSON.stringify(events),
  ]
}

describe('with a fixed clock and seeded keys and randomness', () => {
  it('a whole history replays byte for byte', async () => {
    expect(await history('one')).toEqual(await history('one'))
  })

  it('another seed gives other certificates', async () => {
    const [one, two] = [await history('one'), await history('two')]
    for (const [i, bytes] of one.entries()) expect(bytes).not.toBe(two[i])
  })
})
