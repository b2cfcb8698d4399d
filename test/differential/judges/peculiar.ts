import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { cryptoProvider, X509Certificate, X509ChainBuilder } from '@peculiar/x509'
import { equalOctets } from '../equal-octets.js'
import type { Judge } from './judge.js'

cryptoProvider.set(webcrypto as Crypto)

const read = (der: Uint8Array): X509Certificate => new X509Certificate(Uint8Array.from(der))

/**
 * It has no validator: a chain is built, and its user verifies every signature and date and looks for the anchor. What
 * else RFC 5280 asks is left to the user, and is not done here.
 */
export const peculiar: Judge = {
  name: '@peculiar/x509',
  version: '2.2.0',
  limits: { revocation: false, policies: false },
  checksIdentity: false,
  async judge({ question }) {
    const { certificate, intermediates, trustAnchors, at } = question
    const builder = new X509ChainBuilder({ certificates: [...intermediates, ...trustAnchors].map(read) })
    const chain = await builder.build(read(certificate))
    const root = chain.at(-1)
    if (
      root === undefined ||
      !trustAnchors.some((anchor) => equalOctets(anchor, new Uint8Array(root.rawData)))
    )
      return false
    for (const [i, one] of chain.entries()) {
      const issuer = chain[i + 1] ?? one
      if (!(await one.verify({ publicKey: issuer.publicKey, date: at }))) return false
    }
    return true
  },
}
