import { webcrypto } from 'node:crypto'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { peerCertificate, peerCrl, peerRequest } from './round-trips/arbitrary-peer-values.js'
import { peerFaults } from './round-trips/peer-faults.js'
import { readPeerCertificate, readPeerCrl, readPeerRequest } from './round-trips/own-reads-peer.js'
import {
  peculiarWritesCertificate,
  peculiarWritesCrl,
  peculiarWritesRequest,
} from './round-trips/peculiar-writes.js'
import { pkijsWritesCertificate, pkijsWritesCrl, pkijsWritesRequest } from './round-trips/pkijs-writes.js'

/* The other way round: what others encode and sign, we decode to what they were given. */

let keys: webcrypto.CryptoKeyPair
let spkiDer: Uint8Array
beforeAll(async () => {
  keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  spkiDer = new Uint8Array(await webcrypto.subtle.exportKey('spki', keys.publicKey))
})

describe.each([
  ['pkijs', pkijsWritesCertificate, pkijsWritesRequest, pkijsWritesCrl],
  ['@peculiar/x509', peculiarWritesCertificate, peculiarWritesRequest, peculiarWritesCrl],
] as const)(
  'what %s encodes is decoded to what it was given:',
  (_peer, writeCertificate, writeRequest, writeCrl) => {
    it('a certificate', async () => {
      await fc.assert(
        fc.asyncProperty(peerCertificate, async (given) => {
          expect(await readPeerCertificate(await writeCertificate(given, keys), spkiDer)).toEqual(given)
        }),
        { numRuns: 40 },
      )
    })

    it('a certification request', async () => {
      await fc.assert(
        fc.asyncProperty(peerRequest, async (given) => {
          expect(await readPeerRequest(await writeRequest(given, keys))).toEqual(given)
        }),
        { numRuns: 40 },
      )
    })

    it('a CRL', async () => {
      await fc.assert(
        fc.asyncProperty(peerCrl, async (given) => {
          expect(await readPeerCrl(await writeCrl(given, keys), spkiDer)).toEqual(given)
        }),
        { numRuns: 40 },
      )
    })
  },
)

describe('what others encode against the standard is refused', () => {
  it.each(peerFaults.map((row) => [row.peer, row.fault, row] as const))(
    '%s: %s',
    async (_peer, _fault, { code, decode }) => {
      await expect((async () => decode(keys))()).rejects.toMatchObject({ name: 'PkiError', code })
    },
  )
})
