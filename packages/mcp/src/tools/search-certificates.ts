import { z } from 'zod'
import { renderSummary } from '../render.js'
import { caId, instant } from './inputs.js'
import { defineTool } from './tool.js'

export const searchCertificates = defineTool({
  name: 'search_certificates',
  title: 'Search certificates',
  description:
    'Finds certificates of the authorities that you may read, newest first, in pages. For what is about to expire use ' +
    'expiringInDays; for one host use search, which is a part of the common name in any case.',
  input: z.strictObject({
    caId: caId.exactOptional(),
    status: z
      .enum(['active', 'revoked', 'all'])
      .default('all')
      .describe('active: neither revoked nor expired'),
    search: z.string().max(255).exactOptional(),
    createdFrom: instant.exactOptional(),
    createdTo: instant.exactOptional(),
    expiringInDays: z.int().min(0).max(36_500).exactOptional(),
    page: z.int().min(1).max(1_000_000).default(1),
    pageSize: z.int().min(1).max(100).default(20),
  }),
  effect: 'none',
  async run({ createdFrom, createdTo, ...query }, { authority, caller, now }) {
    const { certificates, ...page } = await authority.listCertificates(
      {
        ...query,
        ...(createdFrom !== undefined && { createdFrom: new Date(createdFrom) }),
        ...(createdTo !== undefined && { createdTo: new Date(createdTo) }),
      },
      caller,
    )
    return { ...page, certificates: certificates.map((certificate) => renderSummary(certificate, now())) }
  },
})
