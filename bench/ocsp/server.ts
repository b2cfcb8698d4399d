import { createHandler } from '@certwright/http'
import { nodeListener } from '@certwright/http/node'
import { listen } from '../http/server.js'
import { openResponder } from './responder.js'

/** OCSP by GET as `certwright serve` has it, without rate limits; every answer has been signed before. */
export async function serveOcsp(): Promise<void> {
  const { authority, caId, questions } = await openResponder()
  const paths = questions.map(
    (question) => `/ocsp/${caId}/${encodeURIComponent(Buffer.from(question).toString('base64'))}`,
  )
  await listen(nodeListener(createHandler(authority, { rateLimits: false })), { paths })
}

/** The limit of what is made of `Request` and `Response`: a handler that gives as many bytes to whatever it is asked. */
export async function serveBareHandler(answerBytes: number): Promise<void> {
  const answer = new Uint8Array(answerBytes)
  const headers = { 'content-type': 'application/ocsp-response', 'content-length': String(answerBytes) }
  await listen(nodeListener(async () => new Response(answer, { headers })))
}
