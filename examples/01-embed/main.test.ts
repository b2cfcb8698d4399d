import { createPrivateKey, X509Certificate } from 'node:crypto'
import { expect, it } from 'vitest'
import { issueForDatabase } from './main.js'

it('issues a certificate that chains up to the root, with its private key', async () => {
  const { certificatePem, privateKeyPem, chainPem } = await issueForDatabase()
  const certificate = new X509Certificate(certificatePem)
  const [issuing, root] = chainPem.map((pem) => new X509Certificate(pem))

  expect(certificate.subjectAltName).toBe('DNS:db.example.org, IP Address:192.0.2.10')
  expect(certificate.checkPrivateKey(createPrivateKey(privateKeyPem!))).toBe(true)
  expect(certificate.checkIssued(issuing!) && certificate.verify(issuing!.publicKey)).toBe(true)
  expect(issuing!.checkIssued(root!) && issuing!.verify(root!.publicKey)).toBe(true)
})
