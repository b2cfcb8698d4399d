import { z } from 'zod'
import { renderIssued } from '../render.js'
import { caId, csrPem, idempotencyKey, wishedNames } from './inputs.js'
import { defineTool } from './tool.js'

export const issueFromCsr = defineTool({
  name: 'issue_from_csr',
  title: 'Issue a certificate for a CSR',
  description:
    'Signs a certificate for the key of a certification request. The private key stays where the request was made. ' +
    'Names are those of the request, or those given here. What was signed cannot be unsigned, only revoked.',
  input: z.strictObject({
    caId,
    csrPem,
    commonName: z.string().max(2048).exactOptional().describe('Instead of that of the CSR'),
    ...wishedNames,
    idempotencyKey,
  }),
  effect: 'change',
  async run({ idempotencyKey: key, ...request }, { authority, caller, now }) {
    const issued = await authority.issue({ ...request, mode: 'csr' }, { ...caller, idempotencyKey: key })
    return renderIssued(issued, now())
  },
})
