import type { CaInfo, CertificateInfo, IssuedCertificate, IssueRequest } from '@certwright/core'
import type { World } from './world.js'

/** A root and a CA below it: where most scenes are set. */
export async function rootAndIssuingCa(
  { authority, caller }: World,
  of: { readonly root?: object; readonly issuingCa?: object } = {},
): Promise<{ root: CaInfo; issuingCa: CaInfo }> {
  const root = await authority.createRoot({ name: 'Root', ...of.root }, caller)
  const about = { parentCaId: root.id, name: 'Issuing CA', ...of.issuingCa }
  return { root, issuingCa: await authority.createIntermediate(about, caller) }
}

/** A certificate for `www.example.org` where the request does not say otherwise. */
export function issueFrom(
  ca: CaInfo,
  { authority, caller }: World,
  request: Partial<IssueRequest> = {},
): Promise<IssuedCertificate> {
  return authority.issue({ caId: ca.id, commonName: 'www.example.org', ...request }, caller)
}

/** The path question about a certificate, with its chain and the present. */
export const pathOf = (
  certificate: Pick<CertificateInfo, 'certificateDer' | 'caId'>,
  world: World,
): { certificateDer: Uint8Array; chainDer: readonly Uint8Array[]; at: Date } => ({
  certificateDer: certificate.certificateDer,
  chainDer: world.chainOf(certificate.caId),
  at: world.now,
})
