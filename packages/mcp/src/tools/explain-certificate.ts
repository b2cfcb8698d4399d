import type { Action, Authority, Caller, CertificateInfo, PermissionTrace } from '@certwright/core'
import { verifyCertificate } from '@certwright/core/path'
import { z } from 'zod'
import { describeCertificate } from '../describe-certificate.js'
import { renderCertificate } from '../render.js'
import { renderVerdict } from '../render-verdict.js'
import { certificateId } from './inputs.js'
import { defineTool } from './tool.js'

const actions: readonly Action[] = ['read', 'issue', 'revoke']

export const explainCertificate = defineTool({
  name: 'explain_certificate',
  title: 'Explain a certificate',
  description:
    'Everything about one certificate of these authorities: its fields, its status and when it changed, whether it ' +
    'validates now and if not why, when it should be renewed, and which of your rights decide what you may do with it.',
  input: z.strictObject({ certificateId }),
  effect: 'none',
  async run(input, { authority, caller, now }) {
    const certificate = await authority.getCertificate(input.certificateId, caller)
    const at = now()
    const [status, validation, rights] = await Promise.all([
      authority.statusAt({ caId: certificate.caId, serialNumber: certificate.serialNumber, at }, caller),
      validate(certificate, at, authority, caller),
      rightsOn(certificate.caId, authority, caller),
    ])
    return {
      ...renderCertificate(certificate, at),
      fields: describeCertificate(certificate.certificateDer),
      statusNow: status,
      validation,
      rights,
    }
  },
})

/** Below its own root; whether it is revoked is told by the status beside this. */
async function validate(certificate: CertificateInfo, at: Date, authority: Authority, caller: Caller) {
  const chain = await authority.chain(certificate.caId, caller)
  return renderVerdict(
    await verifyCertificate({
      certificate: certificate.certificateDer,
      intermediates: chain.slice(0, -1),
      trustAnchors: chain.slice(-1),
      at,
      purpose: 'any',
    }),
  )
}

async function rightsOn(caId: string, authority: Authority, caller: Caller) {
  const traces = await Promise.all(actions.map((action) => authority.explain({ action, caId }, caller)))
  return traces.map(({ action, allowed, rule }: PermissionTrace) => ({ action, allowed, rule }))
}
