import { parseCertificate, parseCrl, parseOcspResponse } from '@certwright/core'
import { expect } from 'vitest'
import type { Artefact, Artefacts } from './artefacts.js'
import { type OcspAnswerQuestion, opensslReadsOcsp } from './ocsp-client.js'
import { openssl } from './openssl.js'
import { ownReading } from './own-reading.js'
import { pkijsReading } from './pkijs-reading.js'
import { hexOf } from './reading.js'
import { certificatesPem, opensslVerifies } from './verify-path.js'

/**
 * OpenSSL reads each artefact and verifies its signature, and pkijs finds in it what our own parser finds. And what
 * custody signed is, message for message, what was judged: nothing that bears a signature has escaped.
 */
export async function judge(artefacts: Artefacts): Promise<void> {
  for (const artefact of artefacts.list) {
    await opensslJudges(artefact, artefacts.chainOf(artefact.caId))
    expect(pkijsReading(artefact)).toEqual(ownReading(artefact))
  }
  const judged = new Set(artefacts.list.flatMap((artefact) => tbsOf(artefact).map(hexOf)))
  expect(artefacts.signed.map(hexOf).filter((message) => !judged.has(message))).toEqual([])
}

async function opensslJudges(artefact: Artefact, chainDer: readonly Uint8Array[]): Promise<void> {
  switch (artefact.kind) {
    case 'certificate':
      return judgeCertificate(artefact.der, chainDer)
    case 'crl':
      return judgeCrl(artefact.der, chainDer)
    case 'ocsp':
      return judgeOcsp(artefact.der, { chainDer, at: artefact.at })
  }
}

async function judgeCertificate(der: Uint8Array, chainDer: readonly Uint8Array[]): Promise<void> {
  const { serialNumber, notBefore } = parseCertificate(der)
  const read = ['x509', '-inform', 'DER', '-in', 'c.der', '-noout', '-text', '-serial']
  const [text, verdict] = await Promise.all([
    openssl(read, { 'c.der': der }),
    opensslVerifies({ certificateDer: der, chainDer, at: notBefore }),
  ])
  expect(text.toLowerCase()).toContain(`serial=${serialNumber}`)
  expect(verdict).toEqual({ accepted: true, text: 'certificate.pem: OK\n' })
}

async function judgeCrl(der: Uint8Array, chainDer: readonly Uint8Array[]): Promise<void> {
  // -CAfile here is where the issuer is found; no path is built and no time looked at.
  const args = [
    'crl',
    '-inform',
    'DER',
    '-in',
    'crl.der',
    '-CAfile',
    'issuer.pem',
    '-verify',
    '-noout',
    '-text',
  ]
  const issuer = certificatesPem(chainDer.slice(0, 1))
  expect(await openssl(args, { 'crl.der': der, 'issuer.pem': issuer })).toContain('verify OK')
}

/**
 * Good and revoked are for the CA to say, or for whom it has delegated (RFC 6960 §4.2.2.2). A response that says unknown
 * may be about the certificate of another CA; of that one, only the signature is looked at.
 */
async function judgeOcsp(der: Uint8Array, path: Pick<OcspAnswerQuestion, 'chainDer' | 'at'>): Promise<void> {
  const response = parseOcspResponse(der)
  if (response.status !== 'successful') {
    const { text } = await opensslReadsOcsp(der, path)
    expect(text).toContain(`Responder Error: ${response.status.toLowerCase()} (`)
    return
  }
  const { responses, certificatesDer } = response.basic
  const isUnknown = responses.some(({ status }) => status.kind === 'unknown')
  const trustedSignerDer = isUnknown ? (certificatesDer[0] ?? path.chainDer[0]) : undefined
  expect(await opensslReadsOcsp(der, { ...path, trustedSignerDer })).toEqual({
    accepted: true,
    text: expect.stringContaining('Response verify OK'),
  })
}

/** The octets under the signature; none where there is no signature. */
function tbsOf({ kind, der }: Artefact): Uint8Array[] {
  switch (kind) {
    case 'certificate':
      return [parseCertificate(der).tbsDer]
    case 'crl':
      return [parseCrl(der).tbsDer]
    case 'ocsp': {
      const response = parseOcspResponse(der)
      return response.status === 'successful' ? [response.basic.tbsDer] : []
    }
  }
}
