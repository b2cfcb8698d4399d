import { z } from 'zod'
import { defineTool } from './tool.js'

export const whoami = defineTool({
  name: 'whoami',
  title: 'Who am I',
  description:
    'Tells whose credential this session has, its workspace, and its rights on each certificate authority: canRead, ' +
    'canIssue, canRevoke. Call it first: what is not listed there does not exist for you.',
  input: z.strictObject({}),
  effect: 'none',
  run: async (_input, { authority, caller }) => ({ ...(await authority.whoami(caller)) }),
})
