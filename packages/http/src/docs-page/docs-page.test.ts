import { expect, it } from 'vitest'
import { createHandler } from '../create-handler.js'
import { fakeAuthority } from '../fake-authority.js'
import { openApiDocument } from '../openapi/document.js'
import { renderDocsPage } from './page.js'

const docs = () => createHandler(fakeAuthority())(new Request('http://pki.test/docs'))

it('shows every operation', async () => {
  const text = await (await docs()).text()
  const ids = [...text.matchAll(/<article id="(\w+)"/g)].map(([, id]) => id)
  expect(ids).toEqual([
    'whoami',
    'listGrants',
    'revokeGrant',
    'listClients',
    'deleteClient',
    'listCas',
    'getCa',
    'getChain',
    'listCertificates',
    'issueCertificate',
    'getCertificate',
    'revokeCertificate',
    'releaseHold',
    'renewCertificate',
    'getCrl',
    'getCrlPart',
    'askOcspByGet',
    'askOcsp',
    'getCaCertificate',
    'getOpenApi',
  ])
})

it('needs nothing that its policy forbids: one style sheet with the right hash, no script, no foreign source', async () => {
  const response = await docs()
  const text = await response.text()
  const styles = [...text.matchAll(/<style>([^<]*)<\/style>/g)]
  expect(styles).toHaveLength(1)
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(styles[0]?.[1]))
  const hash = btoa(String.fromCharCode(...new Uint8Array(digest)))
  expect(response.headers.get('content-security-policy')).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  )
  expect(text).not.toMatch(/<script|<link|<img|\sstyle=|\son\w+=|https?:\/\//)
})

it('escapes whatever the document says', async () => {
  const attack = `<script>alert("1")</script>'&`
  const document = openApiDocument([], { serverUrl: '/' })
  const { html } = await renderDocsPage({
    ...document,
    info: { ...document.info, title: attack, description: attack },
    tags: [{ name: attack, description: attack }],
    paths: {
      [attack]: {
        get: {
          operationId: attack,
          tags: [attack],
          summary: attack,
          description: attack,
          security: [],
          parameters: [
            { name: attack, in: 'query', required: true, description: attack, schema: { type: attack } },
          ],
          responses: { 200: { description: attack, content: { [attack]: { schema: {}, example: attack } } } },
        },
      },
    },
  })
  expect(html).not.toContain('<script')
  expect(html).not.toContain('"1"')
  expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;')
})
