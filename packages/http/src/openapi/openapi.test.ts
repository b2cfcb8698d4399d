import { validate } from '@readme/openapi-parser'
import { expect, it } from 'vitest'
import { createHandler } from '../create-handler.js'
import { fakeAuthority } from '../fake-authority.js'
import type { HandlerExtension } from '../extension.js'
import type { OpenApiDocument } from './document-types.js'

async function readDocument(extensions: readonly HandlerExtension[] = []): Promise<OpenApiDocument> {
  const handler = createHandler(fakeAuthority(), { publicUrl: 'https://pki.test', extensions })
  return (await handler(new Request('http://pki.test/v1/openapi'))).json()
}

it('is valid OpenAPI 3.0', async () => {
  // The cast: the parser's type allows for every version of OpenAPI.
  const verdict = await validate((await readDocument()) as unknown as Parameters<typeof validate>[0])
  expect(verdict).toMatchObject({ valid: true, warnings: [] })
})

it('lists the documented paths, and the additions marked as such', async () => {
  const { paths, openapi, servers } = await readDocument()
  expect(openapi).toBe('3.0.3')
  expect(servers).toEqual([{ url: 'https://pki.test' }])
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) =>
        `${method} ${path}${operation['x-certwright-extension'] ? ' (extension)' : ''}`,
    ),
  )
  expect(operations).toEqual([
    'get /v1/whoami',
    'get /v1/cas',
    'get /v1/cas/{id}',
    'get /v1/cas/{id}/chain',
    'get /v1/certificates',
    'post /v1/certificates',
    'get /v1/certificates/{id} (extension)',
    'post /v1/certificates/{id}/revoke',
    'post /v1/certificates/{id}/release (extension)',
    'post /v1/certificates/{id}/renew',
    'get /v1/oauth/grants (extension)',
    'post /v1/oauth/grants/{id}/revoke (extension)',
    'get /v1/oauth/clients (extension)',
    'post /v1/oauth/clients/{id}/delete (extension)',
    'get /crl/{caId} (extension)',
    'get /crl/{caId}/{scope} (extension)',
    'get /ocsp/{caId}/{request} (extension)',
    'post /ocsp/{caId} (extension)',
    'get /ca/{caId} (extension)',
    'get /v1/openapi',
  ])
})

it('names OAuth beside the API key where an extension serves it, and nowhere else', async () => {
  expect((await readDocument()).components.securitySchemes).not.toHaveProperty('oauth2')
  const urls = { authorizationUrl: 'https://pki.test/a', tokenUrl: 'https://pki.test/t' }
  const document = await readDocument([{ endpoints: [], oauth2: urls }])
  expect(document.components.securitySchemes['oauth2']).toMatchObject({
    type: 'oauth2',
    flows: { authorizationCode: { ...urls, refreshUrl: urls.tokenUrl, scopes: {} } },
  })
  expect(document.paths['/v1/cas']?.['get']?.security).toEqual([{ bearer: [] }, { oauth2: [] }])
  expect(document.paths['/v1/openapi']?.['get']?.security).toEqual([])
})

it('describes the body of an issue request as it is parsed', async () => {
  const { paths, components } = await readDocument()
  const content = paths['/v1/certificates']?.['post']?.requestBody?.content['application/json']
  expect(content?.schema).toEqual({ $ref: '#/components/schemas/IssueRequest' })
  const body = components.schemas['IssueRequest']
  expect(body?.required).toEqual(['caId'])
  expect(body?.additionalProperties).toBe(false)
  expect(Object.keys(body?.properties ?? {})).toEqual([
    'caId',
    'mode',
    'commonName',
    'sanDns',
    'sanIp',
    'keyAlgorithm',
    'validityDays',
    'csrPem',
    'caPassphrase',
    'profile',
  ])
  expect(body?.properties?.['validityDays']).toMatchObject({ type: 'integer', minimum: 1, maximum: 397 })
  expect(body?.properties?.['profile']?.['x-certwright-extension']).toBe(true)
})

it('every operation has the refusals of its kind, each with the documented body', async () => {
  const { paths, components } = await readDocument()
  for (const methods of Object.values(paths)) {
    for (const { security, responses } of Object.values(methods)) {
      const statuses = Object.keys(responses)
      expect(statuses).toEqual(expect.arrayContaining(['200', '429', '500', '503']))
      expect(statuses.includes('401')).toBe(security.length > 0)
    }
  }
  for (const response of Object.values(components.responses)) {
    expect(response.content?.['application/json']?.schema).toEqual({ $ref: '#/components/schemas/Error' })
  }
})
