import { type CreateAuthorityOptions, createAuthority, operator } from '@certwright/core'

/** An issuing CA below a root, and how it is asked for certificates. */
export async function benchIssuer(options: Omit<CreateAuthorityOptions, 'distribution'>) {
  const authority = createAuthority({ ...options, distribution: { baseUrl: 'http://pki.example' } })
  const me = { principal: operator('bench') }
  const root = await authority.createRoot({ name: 'Bench Root' }, me)
  const below = { name: 'Bench Issuing', parentCaId: root.id, pathLength: 0 }
  const { id: caId } = await authority.createIntermediate(below, me)
  const asked = (csrPem: string) => ({ caId, mode: 'csr', csrPem }) as const
  return {
    caId,
    caCertificate: new Uint8Array(await authority.caCertificate(caId)),
    async issue(csrPem: string): Promise<string> {
      const { certificate } = await authority.issue(asked(csrPem), me)
      return certificate.certificatePem
    },
    async issueMany(csrPems: readonly string[]): Promise<void> {
      await authority.issueMany(csrPems.map(asked), me)
    },
  }
}
