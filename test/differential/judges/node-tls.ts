import { duplexPair } from 'node:stream'
import { connect, createSecureContext, TLSSocket } from 'node:tls'
import { pemEncode } from '@certwright/core'
import type { GeneratedChain } from '@certwright/testing/arbitraries'
import type { Judge } from './judge.js'

/**
 * A client of node:tls against a server that has the chain, over a pair of streams. The time of validation is that of the
 * machine; chains where it counts are not shown, and the others are valid for ten years.
 */
export const nodeTls: Judge = {
  name: 'node:tls',
  version: process.versions.node,
  limits: { revocation: false, policies: false, lastSecond: false },
  checksIdentity: true,
  canJudge: ({ expected }) => expected.valid || !/^(expired|notYetValid)/.test(expected.defect),
  judge: handshake,
}

const pem = (der: Uint8Array): string => pemEncode('CERTIFICATE', der)

async function handshake({ question, privateKeyPem }: GeneratedChain): Promise<boolean | undefined> {
  const secureContext = contextOf(question, privateKeyPem)
  if (secureContext === undefined) return undefined
  const [clientSide, serverSide] = duplexPair()
  const server = new TLSSocket(serverSide, { isServer: true, secureContext })
  server.on('error', () => undefined)
  const { identity } = question
  const client = connect({
    socket: clientSide,
    ca: question.trustAnchors.map(pem),
    ...(identity.type === 'dns' ? { servername: identity.value } : { host: identity.value }),
  })
  try {
    return await new Promise<boolean>((resolve) => {
      client.once('secureConnect', () => resolve(client.authorized))
      client.once('error', () => resolve(false))
      client.once('close', () => resolve(false))
    })
  } finally {
    client.destroy()
    server.destroy()
  }
}

/** @returns `undefined`: no server would start with these */
function contextOf({ certificate, intermediates }: GeneratedChain['question'], key: string) {
  try {
    return createSecureContext({ cert: [certificate, ...intermediates].map(pem).join(''), key })
  } catch {
    return undefined
  }
}
