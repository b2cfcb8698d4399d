import { createAuthority, operator } from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { expect, it } from 'vitest'
import { explain } from './main.js'

it('accepts the right name, and refuses another with the clause', async () => {
  const authority = createAuthority({ storage: memoryStorage(), custody: memoryCustody() })
  const me = { principal: operator('example') }
  const root = await authority.createRoot({ name: 'Root' }, me)
  const ca = await authority.createIntermediate({ name: 'CA', parentCaId: root.id }, me)
  const { certificate } = await authority.issue({ caId: ca.id, commonName: 'db.example.org' }, me)
  const chain = [certificate.certificatePem, ca.certificatePem]

  expect(await explain(chain, root.certificatePem, 'db.example.org')).toBe('valid over 3 certificates')
  expect(await explain(chain, root.certificatePem, 'example.org')).toMatch(
    /^refused: "CN=db.example.org" is not for "example.org" .*RFC 9525/,
  )
})
