import { settableReasons } from '@certwright/core'
import { z } from 'zod'
import { renderSummary } from '../render.js'
import { certificateId } from './inputs.js'
import { defineTool } from './tool.js'

export const revokeCertificate = defineTool({
  name: 'revoke_certificate',
  title: 'Revoke a certificate',
  description:
    'Revokes a certificate for good; only certificateHold can be ended again. Whoever uses it will be refused as soon as ' +
    'relying parties see the new status. Ask the person first, and name the certificate by its names and serial number.',
  input: z.strictObject({ certificateId, reason: z.enum(settableReasons).default('unspecified') }),
  effect: 'change',
  async run(request, { authority, caller, now }) {
    return { certificate: renderSummary(await authority.revoke(request, caller), now()) }
  },
})
