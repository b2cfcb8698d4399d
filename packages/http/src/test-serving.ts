import { expect } from 'vitest'
import { createHandler } from './create-handler.js'
import { fakeAuthority, goodKey } from './fake-authority.js'
import type { HandlerOptions } from './options.js'

export const base = 'http://pki.test'
export const authorization = `Bearer ${goodKey}`

type Init = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> }

export function serve(answers: Parameters<typeof fakeAuthority>[0] = {}, options: HandlerOptions = {}) {
  const authority = fakeAuthority(answers)
  const handler = createHandler(authority, options)
  const send = (path: string, init: Init = {}) =>
    handler(new Request(base + path, { ...init, headers: { authorization, ...init.headers } }), {
      remoteAddress: '192.0.2.9',
    })
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    send(path, {
      method: 'POST',
      body:
        typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    })
  return { authority, handler, send, post }
}

export async function refusalOf(response: Response): Promise<[number, string | null]> {
  const body = await response.json()
  expect(body).toEqual({ error: expect.any(String) })
  return [response.status, response.headers.get('certwright-error')]
}
