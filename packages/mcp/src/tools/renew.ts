import { z } from 'zod'
import { renderIssued } from '../render.js'
import { certificateId, csrPem, idempotencyKey, validityDays } from './inputs.js'
import { defineTool } from './tool.js'

export const renewFromCsr = defineTool({
  name: 'renew_from_csr',
  title: 'Renew a certificate with a new CSR',
  description:
    'Issues a certificate with the names and the profile of an existing one, for the key of a new certification request. ' +
    'The old one stays valid until it expires or is revoked.',
  input: z.strictObject({ certificateId, csrPem, validityDays, idempotencyKey }),
  effect: 'change',
  async run({ idempotencyKey: key, ...request }, { authority, caller, now }) {
    return renderIssued(await authority.renew(request, { ...caller, idempotencyKey: key }), now())
  },
})

export const renewWithKey = defineTool({
  name: 'renew_with_key',
  title: 'Renew a certificate with a new key',
  description:
    'Issues a certificate with the names and the profile of an existing managed one, for a new key pair, and returns both. ' +
    'The private key is shown this once and kept nowhere.',
  input: z.strictObject({ certificateId, validityDays }),
  effect: 'change',
  returnsPrivateKey: true,
  run: async (request, { authority, caller, now }) =>
    renderIssued(await authority.renew(request, caller), now()),
})
