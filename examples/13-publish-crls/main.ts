import { pathToFileURL } from 'node:url'
import { createAuthority, type CrlPublisher, operator } from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { toDirectory } from './to-directory.js'

/** An authority whose CRLs are served by somebody else. `publishDue` is for a timer, every minute or so. */
export async function startPublishing(publisher: CrlPublisher) {
  const me = { principal: operator('publish-crls') }
  const failures: unknown[] = []
  const authority = createAuthority({
    storage: memoryStorage(),
    custody: memoryCustody(),
    distribution: { baseUrl: 'http://pki.example' },
    crl: { publisher, deltaValiditySeconds: 6 * 3600 },
    // A list that could not be put there is in the records all the same, and the next one is tried.
    onBackgroundFailure: ({ error }) => failures.push(error),
  })
  const { id: caId } = await authority.createRoot({ name: 'Example Root' }, me)

  async function issueAndRevoke(commonName: string): Promise<string> {
    const { certificate } = await authority.issue({ caId, commonName }, me)
    await authority.revoke({ certificateId: certificate.id, reason: 'superseded' }, me)
    return certificate.serialNumber
  }
  const publishDue = () => authority.publishDueCrls(me)
  return { authority, caId, failures, issueAndRevoke, publishDue }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { issueAndRevoke, publishDue } = await startPublishing(toDirectory('public'))
  await issueAndRevoke('db.example.org')
  console.log((await publishDue()).published)
}
