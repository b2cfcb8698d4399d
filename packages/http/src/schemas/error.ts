import { z } from 'zod'

export const errorBodySchema = z.object({
  error: z.string().meta({
    description: 'A sentence for people; programs read the header Certwright-Error',
    example: 'Cannot read body: "sanDNS" is not known, did you mean "sanDns"',
  }),
})
