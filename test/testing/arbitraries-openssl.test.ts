import { forgeTime } from '@certwright/testing'
import { caTree, certificate, certificateRequest, revocationHistory } from '@certwright/testing/arbitraries'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { askOpenssl, attime } from '../judges/openssl.js'
import { certificatesPem, opensslVerifies } from '../judges/verify-path.js'

/*
 * What is generated besides chains, before OpenSSL; chains are judged in test/differential. Not asked of it: DER that is
 * no DER, of which it takes longer lengths and what stands behind the end.
 */

const few = { seed: 9, numRuns: 8 }

it('a request proves the possession of its key', async () => {
  for (const { der } of fc.sample(certificateRequest(), few)) {
    const args = ['req', '-inform', 'DER', '-in', 'request.der', '-noout', '-verify']
    const { accepted, text } = await askOpenssl(args, { 'request.der': der })
    expect({ accepted, text }).toMatchObject({ accepted: true, text: expect.stringContaining('verify OK') })
  }
}, 60_000)

it('a certificate is read, and its signature is its own', async () => {
  for (const { der } of fc.sample(certificate(), few)) {
    const args = [
      'verify',
      ...attime(forgeTime),
      '-check_ss_sig',
      '-partial_chain',
      '-CAfile',
      'own.pem',
      'own.pem',
    ]
    const { accepted, text } = await askOpenssl(args, { 'own.pem': certificatesPem([der]) })
    expect({ accepted, text }).toMatchObject({ accepted: true })
  }
}, 60_000)

it('every CA of a tree has the path that its parents make', async () => {
  for (const { cas } of fc.sample(caTree(), few)) {
    for (const ca of cas) {
      const chainDer: Uint8Array[] = []
      for (let above = ca.parent; above !== undefined; ) {
        const next = cas.find(({ name }) => name === above)
        if (next !== undefined) chainDer.push(next.certificate.der)
        above = next?.parent
      }
      const question = { certificateDer: ca.certificate.der, chainDer, at: forgeTime }
      expect((await opensslVerifies(question)).text).toContain('OK')
    }
  }
}, 120_000)

it('the lists of a history tell what happened', async () => {
  for (const { issuer, certificates, days } of fc.sample(revocationHistory(), few)) {
    const { at, crl, statuses } = days.at(-1) as (typeof days)[number]
    for (const [number, { der }] of certificates.entries()) {
      const question = { certificateDer: der, chainDer: [issuer.der], at, crlsDer: [crl] }
      const { accepted, text } = await opensslVerifies(question)
      expect(text).toContain(statuses[number] === 'good' ? 'OK' : 'certificate revoked')
      expect(accepted).toBe(statuses[number] === 'good')
    }
  }
}, 120_000)
