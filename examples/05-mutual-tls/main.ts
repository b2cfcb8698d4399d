import { once } from 'node:events'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { pathToFileURL } from 'node:url'
import { createAuthority, operator } from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'

/** What `node:https` wants of one side: its certificate with the issuing CA's, its key, and whom it trusts. */
interface Credentials {
  readonly cert: string
  readonly key: string
  readonly ca: string
}

/** A certificate for a server named "localhost" and one for a client named "billing", from one authority. */
export async function issueBoth(): Promise<{ server: Credentials; client: Credentials }> {
  const authority = createAuthority({ storage: memoryStorage(), custody: memoryCustody() })
  const caller = { principal: operator('example') }
  const root = await authority.createRoot({ name: 'Internal Root' }, caller)
  const issuing = await authority.createIntermediate(
    { parentCaId: root.id, name: 'Internal Services', pathLength: 0 },
    caller,
  )
  const issue = async (commonName: string, profile: string): Promise<Credentials> => {
    const { certificate, privateKeyPem = '' } = await authority.issue(
      { caId: issuing.id, commonName, profile, validityDays: 30 },
      caller,
    )
    // Peers know the root alone, so each side sends the certificate of the issuing CA along with its own.
    const cert = certificate.certificatePem + issuing.certificatePem
    return { cert, key: privateKeyPem, ca: root.certificatePem }
  }
  return { server: await issue('localhost', 'serverAuth'), client: await issue('billing', 'clientAuth') }
}

/** A server that knows who calls: without a certificate of ours the handshake fails. */
export async function startServer(credentials: Credentials) {
  const server = createServer(
    { ...credentials, requestCert: true, rejectUnauthorized: true },
    (incoming, outgoing) => {
      // The cast: over HTTPS, every socket is one of TLS.
      const { subject } = (incoming.socket as TLSSocket).getPeerCertificate()
      outgoing.end(`Hello, ${String(subject.CN)}`)
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, close: () => server.close() }
}

/** @returns what the server says; rejects where one side does not trust the other */
export function call(
  port: number,
  credentials: Partial<Credentials>,
  servername = 'localhost',
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, servername, agent: false, ...credentials } as const
    const outgoing = request(options, (incoming) => {
      let text = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (chunk: string) => (text += chunk))
      incoming.on('end', () => resolve(text))
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { server, client } = await issueBoth()
  const { port, close } = await startServer(server)
  console.log(await call(port, client))
  close()
}
