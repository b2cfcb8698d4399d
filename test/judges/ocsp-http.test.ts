import { createServer } from 'node:http'
import { createHandler } from '@certwright/http'
import { nodeListener } from '@certwright/http/node'
import type { CaInfo } from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { issueFrom, pathOf, rootAndIssuingCa } from './hierarchy.js'
import { opensslAsks, opensslOcspClient, opensslReadsOcsp } from './ocsp-client.js'
import { whileListening } from './server.js'
import { opensslVerifies } from './verify-path.js'
import { createWorld, type World } from './world.js'

/** Serve the world's authority while `use` runs. The client looks at the clock of the machine, and so do we here. */
function served<T>(world: World, use: (url: string) => Promise<T>): Promise<T> {
  const handler = createHandler(world.authority, { now: () => world.now })
  return whileListening(createServer(nodeListener(handler)), (port) => use(`http://127.0.0.1:${port}`))
}

async function scene(world: World) {
  world.now = new Date()
  const { root, issuingCa } = await rootAndIssuingCa(world)
  const { certificate } = await issueFrom(issuingCa, world)
  return { root, issuingCa, certificate, chainDer: world.chainOf(issuingCa.id) }
}

const ocspUrl = (base: string, { id }: CaInfo): string => `${base}/ocsp/${id}`

describe('openssl ocsp -url', () => {
  it.for<readonly [sentence: string, options: readonly string[]]>([
    ['with a nonce, as it does by itself (RFC 9654)', ['-nonce']],
    ['without a nonce', ['-no_nonce']],
    ['with a certificate id of SHA-256', ['-sha256']],
    ['with a certificate id of SHA-512', ['-sha512']],
  ])('good, asked %s', async ([, options]) => {
    const world = createWorld()
    const { issuingCa, certificate, chainDer } = await scene(world)
    const said = await served(world, (base) =>
      opensslOcspClient(ocspUrl(base, issuingCa), {
        chainDer,
        certificatesDer: [certificate.certificateDer],
        options,
      }),
    )
    expect(said).toContain('Response verify OK')
    expect(said).toContain('certificate-0.pem: good\n')
    // A nonce that did not come back, or a time that is not now.
    expect(said).not.toContain('WARNING')
  })

  it('revoked, with time and reason', async () => {
    const world = createWorld()
    const { issuingCa, certificate, chainDer } = await scene(world)
    const { revokedAt } = await world.authority.revoke(
      { certificateId: certificate.id, reason: 'keyCompromise' },
      world.caller,
    )
    const said = await served(world, (base) =>
      opensslOcspClient(ocspUrl(base, issuingCa), {
        chainDer,
        certificatesDer: [certificate.certificateDer],
      }),
    )
    expect(said).toContain('Response verify OK')
    expect(said).toContain('certificate-0.pem: revoked\n')
    expect(said).toContain('Reason: keyCompromise')
    const printed = /Revocation Time: (.*)/.exec(said)?.[1] ?? ''
    expect(new Date(printed)).toEqual(revokedAt)
  })

  it('unknown: a serial number that was never issued (RFC 6960 §2.2)', async () => {
    const world = createWorld()
    const { issuingCa, chainDer } = await scene(world)
    const said = await served(world, (base) =>
      opensslOcspClient(ocspUrl(base, issuingCa), { chainDer, serials: ['0x1234567890ABCDEF'] }),
    )
    expect(said).toContain('Response verify OK')
    expect(said).toContain('0x1234567890ABCDEF: unknown\n')
  })

  it('several in one request, each with its own status', async () => {
    const world = createWorld()
    const { issuingCa, certificate, chainDer } = await scene(world)
    const { certificate: revoked } = await issueFrom(issuingCa, world)
    await world.authority.revoke({ certificateId: revoked.id }, world.caller)
    const certificatesDer = [certificate, revoked].map(({ certificateDer }) => certificateDer)
    const said = await served(world, (base) =>
      opensslOcspClient(ocspUrl(base, issuingCa), { chainDer, certificatesDer, serials: ['0x77'] }),
    )
    expect(said.match(/^\S+: (good|revoked|unknown)$/gm)).toEqual([
      'certificate-0.pem: good',
      'certificate-1.pem: revoked',
      '0x77: unknown',
    ])
  })

  it('unknown: the certificate of another CA, even where its serial number is one of ours', async () => {
    const world = createWorld()
    const { root, issuingCa, certificate } = await scene(world)
    const { authority, caller } = world
    const about = { parentCaId: root.id, name: 'Another CA' }
    const another = await authority.createIntermediate(about, caller)
    const serials = [`0x${certificate.serialNumber}`]
    // The question names another CA, and is sent to the issuing CA's address. That one signs the answer.
    const said = await served(world, (base) =>
      opensslOcspClient(ocspUrl(base, issuingCa), {
        chainDer: world.chainOf(another.id),
        serials,
        trustedSignerDer: issuingCa.certificateDer,
      }),
    )
    expect(said).toContain('Response verify OK')
    expect(said).toContain(': unknown\n')
  })

  it('of a CA with a passphrase, whose delegated responder answers', async () => {
    const world = createWorld()
    world.now = new Date()
    const passphrase = 'correct horse'
    const { issuingCa } = await rootAndIssuingCa(world, { issuingCa: { passphrase } })
    const { certificate } = await issueFrom(issuingCa, world, { caPassphrase: passphrase })
    const certificatesDer = [certificate.certificateDer]
    const said = await served(world, (base) =>
      opensslOcspClient(ocspUrl(base, issuingCa), { chainDer: world.chainOf(issuingCa.id), certificatesDer }),
    )
    expect(said).toContain('Response verify OK')
    expect(said).toContain('certificate-0.pem: good\n')
  })
})

it('asked by GET, as caches like it, the answer verifies too (RFC 6960 §A.1)', async () => {
  const world = createWorld()
  const { issuingCa, certificate, chainDer } = await scene(world)
  const { certificateDer } = certificate
  const request = Buffer.from(await opensslAsks({ chainDer, certificatesDer: [certificateDer] })).toString(
    'base64',
  )
  const body = await served(world, async (base) => {
    const answer = await fetch(`${ocspUrl(base, issuingCa)}/${encodeURIComponent(request)}`)
    expect(answer.headers.get('content-type')).toBe('application/ocsp-response')
    return new Uint8Array(await answer.arrayBuffer())
  })
  const { accepted, text } = await opensslReadsOcsp(body, { chainDer, at: world.now, certificateDer })
  expect({ accepted, text }).toEqual({
    accepted: true,
    text: expect.stringContaining('certificate.pem: good\n'),
  })
})

it('what is no OCSP request is answered malformedRequest, in OCSP (RFC 6960 §2.3)', async () => {
  const world = createWorld()
  const { issuingCa, chainDer } = await scene(world)
  const bodies = await served(world, async (base) => {
    const url = ocspUrl(base, issuingCa)
    const headers = { 'content-type': 'application/ocsp-request' }
    const answers = [
      await fetch(url, { method: 'POST', headers, body: 'Is it good?' }),
      await fetch(`${url}/${encodeURIComponent(btoa('Is it good?'))}`),
    ]
    return Promise.all(answers.map(async (answer) => new Uint8Array(await answer.arrayBuffer())))
  })
  for (const body of bodies) {
    const { text } = await opensslReadsOcsp(body, { chainDer, at: world.now })
    expect(text).toContain('Responder Error: malformedrequest (1)')
  }
})

it('the CRL and the certificate of the CA, fetched where the certificate says they are', async () => {
  const world = createWorld()
  const { root, issuingCa, certificate } = await scene(world)
  const fetched = await served(world, async (base) => {
    const paths = [`/crl/${issuingCa.id}`, `/crl/${root.id}`, `/ca/${issuingCa.id}`]
    const answers = await Promise.all(paths.map((path) => fetch(base + path)))
    return Promise.all(answers.map(async (answer) => new Uint8Array(await answer.arrayBuffer())))
  })
  const [crl, rootCrl, caCertificate] = fetched as [Uint8Array, Uint8Array, Uint8Array]
  expect(caCertificate).toEqual(issuingCa.certificateDer)
  const asked = { ...pathOf(certificate, world), crlsDer: [crl, rootCrl], checkWholePath: true }
  expect(await opensslVerifies(asked)).toMatchObject({ accepted: true })
})
