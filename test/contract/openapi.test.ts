import { validate } from '@readme/openapi-parser'
import { createHandler } from '@certwright/http'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { csr } from './csr.js'
import {
  type Document,
  mismatches,
  type Operation,
  resolve,
  responseOf,
  schemaOf,
} from './openapi-conformance.js'
import { absentId, type Answer, type CallOptions, createPki, type Pki } from './setup.js'

let pki: Pki
let document: Document

beforeAll(async () => {
  pki = await createPki()
  // The cast: the next test validates it.
  document = JSON.parse((await pki.call('GET', '/v1/openapi', { key: null })).text) as Document
})

it('the document is valid OpenAPI 3.0', async () => {
  // The cast: the validator changes what it is given, and its type allows for every version.
  const copy = structuredClone(document) as unknown as Parameters<typeof validate>[0]
  expect(await validate(copy)).toMatchObject({ valid: true, warnings: [] })
  expect(document.openapi).toMatch(/^3\.0\./)
})

it('redocly finds nothing in it, with OAuth and without', async () => {
  const oauth2 = {
    authorizationUrl: 'https://pki.test/oauth/authorize',
    tokenUrl: 'https://pki.test/oauth/token',
  }
  const handler = createHandler(pki.authority, { extensions: [{ endpoints: [], oauth2 }] })
  const withOAuth = await (await handler(new Request('http://pki.test/v1/openapi'))).text()
  for (const source of [JSON.stringify(document), withOAuth]) {
    const config = await createConfig({ extends: ['recommended'] })
    const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config })
    expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([])
  }
})

it('redocly is heard: it finds a document without a licence', async () => {
  const source = JSON.stringify({ ...document, info: { title: 'No licence', version: '1' } })
  const config = await createConfig({ extends: ['recommended'] })
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config })
  expect(problems.map(({ ruleId }) => ruleId)).toEqual(['info-license'])
})

/** Every operation of the API document: its parameters and the fields of its body. */
const documentedOperations: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  ['get', '/v1/whoami', [], []],
  ['get', '/v1/cas', ['parentCaId', 'type'], []],
  ['get', '/v1/cas/{id}', ['id'], []],
  ['get', '/v1/cas/{id}/chain', ['id'], []],
  [
    'get',
    '/v1/certificates',
    ['caId', 'status', 'search', 'createdFrom', 'createdTo', 'expiringInDays', 'page', 'pageSize'],
    [],
  ],
  [
    'post',
    '/v1/certificates',
    ['Idempotency-Key'],
    [
      'caId',
      'mode',
      'commonName',
      'sanDns',
      'sanIp',
      'keyAlgorithm',
      'validityDays',
      'csrPem',
      'caPassphrase',
    ],
  ],
  ['post', '/v1/certificates/{id}/revoke', ['id'], ['reason', 'caPassphrase']],
  [
    'post',
    '/v1/certificates/{id}/renew',
    ['id', 'Idempotency-Key'],
    ['validityDays', 'csrPem', 'caPassphrase'],
  ],
]

it.each(documentedOperations)(
  '%s %s is in it, with its parameters and fields',
  (method, path, parameters, fields) => {
    const operation = operationOf(method, path)
    expect(operation['x-certwright-extension']).toBeUndefined()
    expect(operation.parameters?.map(({ name }) => name) ?? []).toEqual(parameters)
    const { properties = {} } = resolve(document, schemaOf(operation.requestBody))
    const ours = Object.entries(properties).filter(([, schema]) => !schema['x-certwright-extension'])
    expect(ours.map(([name]) => name)).toEqual(fields)
  },
)

it('what the API document lacks is marked as an extension, and nothing else is', () => {
  const documented = documentedOperations.map(([method, path]) => `${method} ${path}`)
  const unmarked = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => !operation['x-certwright-extension'])
      .map(([method]) => `${method} ${path}`),
  )
  expect(new Set(unmarked)).toEqual(new Set([...documented, 'get /v1/openapi']))
})

it('has the documented values and defaults', () => {
  const { properties = {} } = resolve(document, schemaOf(operationOf('post', '/v1/certificates').requestBody))
  expect(properties['keyAlgorithm']).toMatchObject({
    enum: ['RSA-2048', 'RSA-4096', 'ECDSA-P256', 'ECDSA-P384'],
  })
  expect(properties['mode']).toMatchObject({ enum: ['managed', 'csr'], default: 'managed' })
  expect(properties['validityDays']).toMatchObject({ type: 'integer', minimum: 1, maximum: 397 })
  const query = Object.fromEntries(
    operationOf('get', '/v1/certificates').parameters?.map(({ name, schema }) => [name, schema]) ?? [],
  )
  expect(query).toMatchObject({
    status: { enum: ['active', 'revoked', 'all'], default: 'all' },
    page: { type: 'integer', default: 1, minimum: 1 },
    pageSize: { type: 'integer', default: 20, minimum: 1, maximum: 100 },
  })
})

function operationOf(method: string, path: string): Operation {
  const operation = document.paths[path]?.[method]
  if (operation === undefined) throw new Error(`The document has no ${method} ${path}`)
  return operation
}

describe('answers are as the document says', () => {
  interface Visit {
    readonly method: string
    readonly template: string
    readonly answer: Answer
  }

  async function visits(): Promise<Visit[]> {
    const made: Visit[] = []
    const visit = async (
      method: string,
      template: string,
      id = '',
      options: CallOptions = {},
    ): Promise<Answer> => {
      const answer = await pki.call(method.toUpperCase(), template.replace('{id}', id), options)
      made.push({ method, template: template.replace(/\?.*/, ''), answer })
      return answer
    }
    const { root, issuing, locked, revoked } = pki.cas
    await visit('get', '/v1/whoami')
    await visit('get', '/v1/cas')
    for (const id of [root, issuing, locked, revoked]) await visit('get', '/v1/cas/{id}', id)
    await visit('get', '/v1/cas/{id}/chain', issuing)
    const managed = await visit('post', '/v1/certificates', '', {
      body: pki.managed({ sanIp: ['2001:db8::1'] }),
    })
    const body = { caId: issuing, mode: 'csr', csrPem: csr() }
    const fromCsr = await visit('post', '/v1/certificates', '', { body })
    const [managedId, csrId] = [managed.json.certificate.id, fromCsr.json.certificate.id]
    await visit('post', '/v1/certificates/{id}/renew', managedId)
    await visit('post', '/v1/certificates/{id}/renew', csrId, { body: { csrPem: csr() } })
    await visit('post', '/v1/certificates/{id}/revoke', managedId, { body: { reason: 'superseded' } })
    await visit('get', '/v1/certificates')
    await visit('get', '/v1/certificates/{id}', managedId)

    await visit('get', '/v1/whoami', '', { key: null })
    await visit('get', '/v1/cas?type=leaf')
    await visit('get', '/v1/cas/{id}', 'nope')
    await visit('get', '/v1/cas/{id}', absentId)
    await visit('get', '/v1/cas/{id}', issuing, { key: pki.keys.issueOnly.secret })
    await visit('post', '/v1/certificates', '', { body: '{' })
    await visit('post', '/v1/certificates', '', { body: pki.managed(), key: pki.keys.readOnly.secret })
    await visit('post', '/v1/certificates', '', { body: pki.managed({ caId: absentId }) })
    await visit('post', '/v1/certificates', '', { body: 'x', headers: { 'content-type': 'text/plain' } })
    await visit('post', '/v1/certificates', '', { body: 'x'.repeat(70_000) })
    const headers = { 'idempotency-key': 'one' }
    await visit('post', '/v1/certificates', '', { body, headers })
    await visit('post', '/v1/certificates', '', { body: { ...body, validityDays: 2 }, headers })
    await visit('post', '/v1/certificates/{id}/revoke', managedId)
    await visit('post', '/v1/certificates/{id}/renew', managedId)
    await visit('post', '/v1/certificates/{id}/renew', csrId)
    return made
  }

  it('status by status, field by field', async () => {
    const made = await visits()
    const statuses = [...new Set(made.map(({ answer }) => answer.status))].sort((a, b) => a - b)
    expect(statuses).toEqual([200, 400, 401, 403, 404, 409, 413, 415, 422])
    for (const { method, template, answer } of made) {
      const place = `${method} ${template} ${answer.status}`
      const response = responseOf(document, operationOf(method, template), answer.status)
      expect([place, response === undefined]).toEqual([place, false])
      expect([place, mismatches(document, answer.json, schemaOf(response))]).toEqual([place, []])
    }
  })

  it('and the check sees what is not', () => {
    const schema = { $ref: '#/components/schemas/Error' }
    expect(mismatches(document, { error: 4 }, schema)).toEqual(['$.error: no string'])
    expect(mismatches(document, {}, schema)).toEqual(['$.error: missing'])
    expect(mismatches(document, { error: 'x', code: 'y' }, schema)).toEqual(['$.code: not told of'])
  })
})
