import { z } from 'zod'
import { renderIssued } from '../render.js'
import { caId, wishedNames } from './inputs.js'
import { defineTool } from './tool.js'

export const issueWithKey = defineTool({
  name: 'issue_with_key',
  title: 'Make a key and issue a certificate for it',
  description:
    'Makes a key pair, signs a certificate for it and returns both. The private key is shown this once and kept nowhere: ' +
    'write it to a file of its own and repeat it nowhere. Prefer issue_from_csr.',
  input: z.strictObject({
    caId,
    commonName: z.string().min(1).max(2048),
    keyAlgorithm: z.enum(['RSA-2048', 'RSA-4096', 'ECDSA-P256', 'ECDSA-P384']).default('ECDSA-P256'),
    ...wishedNames,
  }),
  effect: 'change',
  returnsPrivateKey: true,
  run: async (request, { authority, caller, now }) =>
    renderIssued(await authority.issue({ ...request, mode: 'managed' }, caller), now()),
})
