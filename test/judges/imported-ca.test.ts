import { hasCode, pemDecode } from '@certwright/core'
import { describe, expect, it } from 'vitest'
import type { CommonKeyAlgorithm } from './csr.js'
import { issueFrom, pathOf } from './hierarchy.js'
import { opensslMakes } from './openssl.js'
import { intermediateExtensions, opensslIssues, opensslRoot } from './openssl-ca.js'
import { certificatesPem, opensslVerifies } from './verify-path.js'
import { createWorld } from './world.js'

/** How openssl rewrites a private key. */
const forms = {
  'PKCS#8': ['pkcs8', '-topk8', '-nocrypt', '-in', 'ca.key'],
  'PKCS#1': ['rsa', '-traditional', '-in', 'ca.key'],
  'SEC 1': ['ec', '-in', 'ca.key'],
} as const

async function keyIn(
  form: keyof typeof forms,
  encoding: 'PEM' | 'DER',
  keyPem: string,
): Promise<string | Uint8Array> {
  const command = [...forms[form], '-outform', encoding, '-out', 'out']
  const { out } = await opensslMakes(['out'], [command], { 'ca.key': keyPem })
  return encoding === 'PEM' ? new TextDecoder().decode(out) : out
}

describe('a CA that openssl made goes on here', () => {
  it.for<readonly [key: CommonKeyAlgorithm, form: keyof typeof forms, encoding: 'PEM' | 'DER']>([
    ['RSA-2048', 'PKCS#8', 'PEM'],
    ['RSA-2048', 'PKCS#8', 'DER'],
    ['RSA-2048', 'PKCS#1', 'PEM'],
    ['RSA-2048', 'PKCS#1', 'DER'],
    ['ECDSA-P256', 'PKCS#8', 'PEM'],
    ['ECDSA-P384', 'PKCS#8', 'DER'],
    ['ECDSA-P256', 'SEC 1', 'PEM'],
    ['ECDSA-P521', 'SEC 1', 'DER'],
    ['Ed25519', 'PKCS#8', 'PEM'],
  ])('%s, key in %s, %s', async ([keyAlgorithm, form, encoding]) => {
    const world = createWorld()
    const { authority, caller } = world
    const { certificatePem, certificateDer, keyPem } = await opensslRoot(keyAlgorithm)
    const ca = await authority.importCa(
      {
        name: 'Imported',
        certificate: encoding === 'PEM' ? certificatePem : certificateDer,
        privateKey: await keyIn(form, encoding, keyPem),
      },
      caller,
    )
    expect(ca).toMatchObject({ keyAlgorithm, commonName: 'Imported CA', organization: 'Elsewhere', depth: 0 })
    const { certificate } = await issueFrom(ca, world)
    const { der: crl } = await authority.crl(ca.id)
    const asked = {
      ...pathOf(certificate, world),
      purpose: 'sslserver',
      hostname: 'www.example.org',
    } as const
    expect(await opensslVerifies({ ...asked, crlsDer: [crl] })).toMatchObject({ accepted: true })
  })

  it('an intermediate, with its chain, whose root stays elsewhere', async () => {
    const world = createWorld()
    const { authority, caller } = world
    const root = await opensslRoot('ECDSA-P384')
    const extensions = intermediateExtensions
    const made = await opensslIssues(root, 'ECDSA-P256', { commonName: 'Imported intermediate', extensions })
    const request = {
      name: 'Imported',
      certificate: made.certificateDer,
      privateKey: made.keyPem,
      chain: certificatesPem([root.certificateDer]),
    }
    const ca = await authority.importCa(request, caller)
    expect(ca).toMatchObject({ depth: 1, pathLength: 0 })
    const chain = await authority.chain(ca.id, caller)
    expect(chain.map((pem) => pemDecode(pem, 'CERTIFICATE'))).toEqual([
      made.certificateDer,
      root.certificateDer,
    ])
    const { certificate } = await issueFrom(ca, world)
    expect(await opensslVerifies(pathOf(certificate, world))).toMatchObject({ accepted: true })
  })

  it('not with the key of another CA', async () => {
    const world = createWorld()
    const [one, other] = await Promise.all([opensslRoot('ECDSA-P256'), opensslRoot('ECDSA-P256')])
    const request = { name: 'Imported', certificate: one.certificatePem, privateKey: other.keyPem }
    await expect(world.authority.importCa(request, world.caller)).rejects.toSatisfy((error) =>
      hasCode(error, 'invalid_key'),
    )
  })
})
