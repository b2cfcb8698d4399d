import { isPkiError, type SealedKey } from '@certwright/core'
import { checkSealedKey, type KeyEncryptionKey } from '@certwright/custody'
import { type Finding, finding } from './finding.js'
import type { Patient } from './patient.js'
import { readCertificate, sameBytes } from './reading.js'

/** Each CA has its key, and so has its OCSP responder; the key opens, and is the one of the certificate. */
export async function* checkKeys({ cas, keys, keyEncryptionKey }: Patient): AsyncGenerator<Finding> {
  const owners = cas.flatMap(({ id, keyId, certificateDer, ocspResponder }) => [
    { subject: `CA ${id}`, keyId, certificateDer },
    ...(ocspResponder ? [{ ...ocspResponder, subject: `OCSP responder of CA ${id}` }] : []),
  ])
  for (const { subject, keyId, certificateDer } of owners) {
    const key = await keys.findKey(keyId)
    if (key === undefined) {
      yield finding('ca-key', subject, `its key ${keyId} is not in the key store`)
      continue
    }
    const certificate = readCertificate(certificateDer)
    // A certificate that cannot be read is found by the check of certificates.
    if (typeof certificate !== 'string' && !sameBytes(certificate.spkiDer, key.spkiDer)) {
      yield finding('ca-key', subject, `key ${keyId} is not the one of its certificate`)
    }
    const reason = await reasonNotToOpen(key, keyEncryptionKey)
    if (reason !== undefined) yield finding('key-encryption-key', subject, reason)
  }
  const known = new Set(owners.map(({ keyId }) => keyId))
  for await (const { keyId } of keys.listKeys()) {
    if (!known.has(keyId)) yield finding('orphan-key', `key ${keyId}`, 'nothing refers to it')
  }
}

async function reasonNotToOpen(
  key: SealedKey,
  keyEncryptionKey: KeyEncryptionKey | undefined,
): Promise<string | undefined> {
  try {
    await checkSealedKey(key, keyEncryptionKey ? [keyEncryptionKey] : [])
    return undefined
  } catch (error) {
    if (isPkiError(error)) return error.message
    throw error
  }
}
