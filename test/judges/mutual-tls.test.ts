import { once } from 'node:events'
import { createServer, request as httpsRequest, type RequestOptions, type ServerOptions } from 'node:https'
import { networkInterfaces } from 'node:os'
import type { TLSSocket } from 'node:tls'
import { type CaInfo, type IssueRequest, type KeyAlgorithm, pemEncode } from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { issueFrom, rootAndIssuingCa } from './hierarchy.js'
import { whileListening } from './server.js'
import { createWorld, type World } from './world.js'

/** Key and chain as they are configured. */
interface Credentials {
  readonly key: string
  readonly cert: string
}

async function credentials(
  ca: CaInfo,
  world: World,
  request: Partial<IssueRequest> = {},
): Promise<Credentials> {
  const { certificate, privateKeyPem = '' } = await issueFrom(ca, world, request)
  return { key: privateKeyPem, cert: certificate.certificatePem + ca.certificatePem }
}

/** What came of a handshake: what each side knows of the other, or why one of them refused. */
interface Meeting {
  readonly client: { readonly answer: string } | { readonly refusal: string }
  /** The reason for which the server has turned the client away. */
  readonly serverRefusal: string | undefined
}

const always: ServerOptions = { requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' }

async function meet(
  server: ServerOptions,
  client: RequestOptions,
  host: '127.0.0.1' | '::1' = '127.0.0.1',
): Promise<Meeting> {
  let serverRefusal: string | undefined
  const https = createServer({ ...always, ...server }, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate()
    response.end(`hello ${String(subject.CN)}`)
  })
  https.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    // A code, whatever the types say; null where the handshake ended before a certificate was looked at.
    const reason = socket.authorizationError as unknown as string | null
    serverRefusal ??= reason ?? error.code
  })
  const answer = await whileListening(https, (port) => ask({ ...client, host, port, agent: false }), host)
  return { client: answer, serverRefusal }
}

async function ask(options: RequestOptions): Promise<Meeting['client']> {
  const request = httpsRequest(options)
  request.end()
  try {
    const [response] = await once(request, 'response')
    let answer = ''
    for await (const chunk of response) answer += String(chunk)
    return { answer }
  } catch (error) {
    return { refusal: (error as NodeJS.ErrnoException).code ?? String(error) }
  }
}

/** Handshakes look at the clock of the machine, so the world has its time. */
async function scene(world: World, of: Parameters<typeof rootAndIssuingCa>[1] = {}) {
  world.now = new Date()
  const { root, issuingCa } = await rootAndIssuingCa(world, of)
  return {
    root,
    issuingCa,
    ca: root.certificatePem,
    server: await credentials(issuingCa, world, { commonName: 'www.example.org', profile: 'serverAuth' }),
    client: await credentials(issuingCa, world, { commonName: 'alice', profile: 'clientAuth' }),
  }
}

const greeting = { client: { answer: 'hello alice' }, serverRefusal: undefined }

const hasIpv6Loopback = Object.values(networkInterfaces()).some((list = []) =>
  list.some(({ address }) => address === '::1'),
)

describe('server and client meet over mutual TLS', () => {
  const keys: readonly KeyAlgorithm[] = ['RSA-2048', 'ECDSA-P256', 'ECDSA-P384', 'ECDSA-P521', 'Ed25519']
  it.for(keys)('with keys of the type %s from the root down', async (keyAlgorithm) => {
    const world = createWorld()
    const { issuingCa, ca } = await scene(world, { root: { keyAlgorithm }, issuingCa: { keyAlgorithm } })
    const server = await credentials(issuingCa, world, { keyAlgorithm, profile: 'serverAuth' })
    const about = { commonName: 'alice', keyAlgorithm, profile: 'clientAuth' }
    const client = await credentials(issuingCa, world, about)
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const options = { ...client, ca, servername: 'www.example.org', maxVersion }
      expect(await meet({ ...server, ca }, options)).toEqual(greeting)
    }
  })

  it('under a wildcard', async () => {
    const world = createWorld()
    const { issuingCa, ca, client } = await scene(world)
    const server = await credentials(issuingCa, world, { commonName: '*.example.org', profile: 'serverAuth' })
    const options = { ...client, ca, servername: 'any.example.org' }
    expect(await meet({ ...server, ca }, options)).toEqual(greeting)
  })

  it('under an IPv4 address', async () => {
    const world = createWorld()
    const { issuingCa, ca, client } = await scene(world)
    const server = await credentials(issuingCa, world, { commonName: '127.0.0.1', profile: 'serverAuth' })
    expect(await meet({ ...server, ca }, { ...client, ca })).toEqual(greeting)
  })

  it('under an IPv6 address', async ({ skip }) => {
    const world = createWorld()
    skip(!hasIpv6Loopback, 'this machine has no IPv6 loopback')
    const { issuingCa, ca, client } = await scene(world)
    const server = await credentials(issuingCa, world, { commonName: '0:0::1', profile: 'serverAuth' })
    expect(await meet({ ...server, ca }, { ...client, ca }, '::1')).toEqual(greeting)
  })

  it('with one certificate for both sides', async () => {
    const world = createWorld()
    const { issuingCa, ca } = await scene(world)
    const both = await credentials(issuingCa, world, { profile: 'serverAndClientAuth' })
    const meeting = await meet({ ...both, ca }, { ...both, ca, servername: 'www.example.org' })
    expect(meeting).toEqual({ ...greeting, client: { answer: 'hello www.example.org' } })
  })

  it('while the server looks at the lists of both CAs', async () => {
    const world = createWorld()
    const { root, issuingCa, ca, server, client } = await scene(world)
    const crl = await crlsOf([root, issuingCa], world)
    const options = { ...client, ca, servername: 'www.example.org' }
    expect(await meet({ ...server, ca, crl }, options)).toEqual(greeting)
  })
})

describe('the client refuses the server', () => {
  it.for<readonly [sentence: string, name: string, servername: string]>([
    ['for another name', 'www.example.org', 'www.example.com'],
    ['for two labels under a wildcard', '*.example.org', 'a.b.example.org'],
    ['for the domain of a wildcard itself', '*.example.org', 'example.org'],
    ['for a name where it has an address', '127.0.0.1', 'www.example.org'],
  ])('%s', async ([, commonName, servername]) => {
    const world = createWorld()
    const { issuingCa, ca, client } = await scene(world)
    const server = await credentials(issuingCa, world, { commonName, profile: 'serverAuth' })
    const { client: met } = await meet({ ...server, ca }, { ...client, ca, servername })
    expect(met).toEqual({ refusal: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  })

  it('for an address that the certificate does not have', async () => {
    const world = createWorld()
    const { ca, server, client } = await scene(world)
    const { client: met } = await meet({ ...server, ca }, { ...client, ca })
    expect(met).toEqual({ refusal: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  })

  it('for a certificate that has expired', async () => {
    const world = createWorld()
    const now = new Date()
    world.now = new Date(now.getTime() - 3 * 86_400_000)
    const { root, issuingCa } = await rootAndIssuingCa(world)
    const server = await credentials(issuingCa, world, { profile: 'serverAuth', validityDays: 1 })
    world.now = now
    const client = await credentials(issuingCa, world, { commonName: 'alice', profile: 'clientAuth' })
    const ca = root.certificatePem
    const meeting = await meet({ ...server, ca }, { ...client, ca, servername: 'www.example.org' })
    expect(meeting.client).toEqual({ refusal: 'CERT_HAS_EXPIRED' })
  })

  it('for a certificate that is for clients', async () => {
    const world = createWorld()
    const { issuingCa, ca, client } = await scene(world)
    const wrong = await credentials(issuingCa, world, {
      commonName: 'www.example.org',
      profile: 'clientAuth',
    })
    const { client: met } = await meet({ ...wrong, ca }, { ...client, ca, servername: 'www.example.org' })
    expect(met).toEqual({ refusal: 'INVALID_PURPOSE' })
  })

  it('for a root that it does not trust', async () => {
    const world = createWorld()
    const { ca, server, client } = await scene(world)
    const another = await world.authority.createRoot({ name: 'Another root' }, world.caller)
    const options = { ...client, ca: another.certificatePem, servername: 'www.example.org' }
    const { client: met } = await meet({ ...server, ca }, options)
    expect(met).toEqual({ refusal: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' })
  })
})

describe('the server refuses the client', () => {
  type Scene = Awaited<ReturnType<typeof scene>>

  it.for<
    readonly [
      sentence: string,
      reason: string,
      prepare: (
        scene: Scene,
        world: World,
      ) => Promise<{ client?: Partial<Credentials>; server?: ServerOptions }>,
    ]
  >([
    ['that shows no certificate', 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE', async () => ({ client: {} })],
    [
      'whose certificate is of another hierarchy',
      'SELF_SIGNED_CERT_IN_CHAIN',
      async (_scene, world) => {
        const root = await world.authority.createRoot({ name: 'Another root' }, world.caller)
        return { client: await credentials(root, world, { commonName: 'alice', profile: 'clientAuth' }) }
      },
    ],
    [
      'whose certificate is for servers alone',
      'INVALID_PURPOSE',
      async ({ issuingCa }, world) => ({
        client: await credentials(issuingCa, world, { profile: 'serverAuth' }),
      }),
    ],
    [
      'whose certificate is revoked',
      'CERT_REVOKED',
      async ({ root, issuingCa }, world) => {
        const { authority, caller } = world
        const about = { commonName: 'alice', profile: 'clientAuth' }
        const { certificate, privateKeyPem = '' } = await issueFrom(issuingCa, world, about)
        await authority.revoke({ certificateId: certificate.id }, caller)
        return {
          client: { key: privateKeyPem, cert: certificate.certificatePem + issuingCa.certificatePem },
          server: { crl: await crlsOf([root, issuingCa], world) },
        }
      },
    ],
    [
      'whose issuing CA is revoked',
      'CERT_REVOKED',
      async ({ root, issuingCa, client }, world) => {
        await world.authority.revokeCa({ caId: issuingCa.id }, world.caller)
        return { client, server: { crl: await crlsOf([root, issuingCa], world) } }
      },
    ],
  ])('%s', async ([, reason, prepare]) => {
    const world = createWorld()
    const set = await scene(world)
    const { ca } = set
    const { client, server } = await prepare(set, world)
    const options = { ...client, ca, servername: 'www.example.org' }
    const meeting = await meet({ ...set.server, ca, ...server }, options)
    expect(meeting).toEqual({ client: { refusal: expect.any(String) }, serverRefusal: reason })
  })
})

async function crlsOf(cas: readonly CaInfo[], { authority }: World): Promise<string[]> {
  const lists = cas.map(async ({ id }) => pemEncode('X509 CRL', (await authority.crl(id)).der))
  return Promise.all(lists)
}
