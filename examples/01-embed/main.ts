import { pathToFileURL } from 'node:url'
import { createAuthority, operator } from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'

/** A root, an issuing CA below it, and a certificate for a database server. */
export async function issueForDatabase() {
  const authority = createAuthority({ storage: memoryStorage(), custody: memoryCustody() })
  const me = { principal: operator('my-backend') }

  const root = await authority.createRoot({ name: 'Example Root CA' }, me)
  const issuing = await authority.createIntermediate(
    { name: 'Example Issuing CA', parentCaId: root.id, pathLength: 0 },
    me,
  )
  const { certificate, privateKeyPem } = await authority.issue(
    { caId: issuing.id, commonName: 'db.example.org', sanIp: ['192.0.2.10'], validityDays: 90 },
    me,
  )
  return {
    certificatePem: certificate.certificatePem,
    privateKeyPem,
    chainPem: await authority.chain(issuing.id, me),
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { certificatePem, chainPem } = await issueForDatabase()
  console.log(certificatePem + chainPem.join(''))
}
