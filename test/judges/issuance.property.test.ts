import { type CertificateInfo, type KeyAlgorithm, parsePublicKey, parseCertificate } from '@certwright/core'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { issueFrom, pathOf, rootAndIssuingCa } from './hierarchy.js'
import { ownCertificate } from './own-reading.js'
import { hexOf } from './reading.js'
import { opensslVerifies } from './verify-path.js'
import { createWorld } from './world.js'

const dayMilliseconds = 86_400_000

const letters = Array.from('abcdefghijklmnopqrstuvwxyz')
const digits = Array.from('0123456789')
const label = fc
  .tuple(
    fc.constantFrom(...letters, ...letters.map((letter) => letter.toUpperCase())),
    // Two hyphens in third and fourth place are for A-labels (RFC 5891 §4.2.3.1).
    fc.string({ unit: fc.constantFrom(...letters, ...digits), maxLength: 61 }),
    fc.constantFrom('', '-a', '7'),
  )
  .map((parts) => parts.join(''))
  .filter((text) => text.length <= 63)
const domain = fc
  .array(label, { minLength: 1, maxLength: 4 })
  .map((labels) => [...labels, 'example'].join('.'))
  .filter((name) => name.length <= 240)
const dnsName = fc.oneof(
  domain,
  domain.map((name) => `*.${name}`),
)
const mailbox = fc.tuple(
  fc.string({ unit: fc.constantFrom(...letters, ...digits, '+', '_'), minLength: 1, maxLength: 64 }),
  domain,
)
const uri = fc
  .tuple(fc.constantFrom('https', 'spiffe'), domain, fc.webPath())
  .map(([scheme, host, path]) => `${scheme}://${host}${path}`)
const address = fc.oneof(
  fc.ipV4().map((text) => ({ text, octets: Uint8Array.from(text.split('.').map(Number)) })),
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map((octets) => ({ text: ipv6Text(octets), octets })),
)
const word = fc.string({
  unit: fc.constantFrom(...letters, 'É', 'ß', 'Ж', '名', '"', '+', ',', '=', '#', '\\', '🔑'),
  minLength: 1,
  maxLength: 31,
})
/** A person or a thing, in any script. Of two words, for a single one can be a host, and so a name of its own. */
const commonName = fc.tuple(word, word).map((words) => words.join(' '))

const request = fc.record({
  commonName,
  sanDns: fc.array(dnsName, { maxLength: 5 }),
  addresses: fc.array(address, { maxLength: 4 }),
  mailboxes: fc.array(mailbox, { maxLength: 3 }),
  sanUri: fc.array(uri, { maxLength: 3 }),
  keyAlgorithm: fc.constantFrom<KeyAlgorithm>('ECDSA-P256', 'ECDSA-P384', 'ECDSA-P521', 'Ed25519'),
  validityDays: fc.integer({ min: 1, max: 397 }),
})

/** All eight groups, some of them in capitals: a form that is right and not the one of RFC 5952. */
function ipv6Text(octets: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => hexOf(octets.subarray(2 * i, 2 * i + 2)))
  return groups.map((group, i) => (i % 2 === 0 ? group : group.toUpperCase())).join(':')
}

/** Hosts have no case; what stands in front of the @, or behind the host, has. */
const lowerHost = (text: string): string => text.replace(/(?<=^\w+:\/\/)[^/]*/, (host) => host.toLowerCase())

const sorted = (list: readonly string[]): string[] => [...new Set(list)].sort()

it('whatever is asked for rightly is issued as it was asked for, and openssl accepts it', async () => {
  const world = createWorld()
  const { issuingCa } = await rootAndIssuingCa(world)
  await fc.assert(
    fc.asyncProperty(request, async (asked) => {
      const { commonName, sanDns, addresses, mailboxes, sanUri, keyAlgorithm, validityDays } = asked
      const { certificate } = await issueFrom(issuingCa, world, {
        commonName,
        sanDns,
        sanIp: addresses.map(({ text }) => text),
        sanEmail: mailboxes.map(([local, host]) => `${local}@${host}`),
        sanUri,
        keyAlgorithm,
        validityDays,
      })

      const found = ownCertificate(certificate.certificateDer)
      expect(found.subject).toEqual([['2.5.4.3', commonName]])
      expect(sorted(found.altNames)).toEqual(
        sorted([
          ...sanDns.map((name) => `dns:${name.toLowerCase()}`),
          ...addresses.map(({ octets }) => `ip:${hexOf(octets)}`),
          ...mailboxes.map(([local, host]) => `email:${local}@${host.toLowerCase()}`),
          ...sanUri.map((text) => `uri:${lowerHost(text)}`),
        ]),
      )
      expect(found.altNames).toHaveLength(new Set(found.altNames).size)
      expect(keyOf(certificate)).toBe(keyAlgorithm)
      const { notBefore, notAfter } = certificate
      expect(notAfter.getTime() + 1000 - notBefore.getTime()).toBe(validityDays * dayMilliseconds)

      const path = pathOf(certificate, world)
      expect(await opensslVerifies({ ...path, purpose: 'sslserver' })).toMatchObject({ accepted: true })
      for (const { text } of addresses.slice(0, 1)) {
        expect(await opensslVerifies({ ...path, address: text })).toMatchObject({ accepted: true })
      }
    }),
    { numRuns: 25 },
  )
})

const keyOf = ({ certificateDer }: CertificateInfo) =>
  parsePublicKey(parseCertificate(certificateDer).spkiDer).keyAlgorithm
