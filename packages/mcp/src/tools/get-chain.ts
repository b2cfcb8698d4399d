import { z } from 'zod'
import { caId } from './inputs.js'
import { defineTool } from './tool.js'

export const getChain = defineTool({
  name: 'get_chain',
  title: 'Get the chain of a certificate authority',
  description:
    'The certificates of a certificate authority, its issuer and so on up to the root, PEM, in this order.',
  input: z.strictObject({ caId }),
  effect: 'none',
  run: async (input, { authority, caller }) => ({ chain: await authority.chain(input.caId, caller) }),
})
