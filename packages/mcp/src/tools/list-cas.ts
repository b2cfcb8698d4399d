import { z } from 'zod'
import { renderCa } from '../render.js'
import { caId } from './inputs.js'
import { defineTool } from './tool.js'

export const listCas = defineTool({
  name: 'list_cas',
  title: 'List certificate authorities',
  description:
    'Lists the certificate authorities that you may read, oldest first, without revoked ones. One with needsPassphrase ' +
    'cannot be used here: its passphrase is not for agents.',
  input: z.strictObject({
    parentCaId: caId.exactOptional().describe('Only those directly below this one'),
    type: z.enum(['root', 'intermediate', 'all']).default('all'),
  }),
  effect: 'none',
  run: async (query, { authority, caller }) => ({
    cas: (await authority.listCas(query, caller)).map(renderCa),
  }),
})
