import { z } from 'zod'
import { type Answer, jsonAnswer } from '../answer.js'
import { renderDocsPage } from '../docs-page/page.js'
import type { OpenApiDocument } from '../openapi/document-types.js'
import type { PublicEndpoint } from '../routes/endpoint.js'

const cacheControl = 'public, max-age=300'

/** @param document made when first asked for */
export function openApiEndpoint(document: () => OpenApiDocument): PublicEndpoint {
  return {
    method: 'GET',
    path: '/v1/openapi',
    access: 'public',
    operation: {
      id: 'getOpenApi',
      tag: 'Documents',
      summary: 'Read this document',
      description: 'OpenAPI 3.0.3.',
      success: {
        description: 'The document',
        content: { kind: 'json', schema: z.looseObject({ openapi: z.string().meta({ example: '3.0.3' }) }) },
      },
      refusals: [],
    },
    serve: async () => jsonAnswer(document(), { 'cache-control': cacheControl }),
  }
}

/** The same document as a page for people. */
export function docsEndpoint(document: () => OpenApiDocument): PublicEndpoint {
  let page: Promise<Answer> | undefined
  return {
    method: 'GET',
    path: '/docs',
    access: 'public',
    serve: () => {
      page ??= docsAnswer(document())
      return page
    },
  }
}

async function docsAnswer(document: OpenApiDocument): Promise<Answer> {
  const { html, styleHash } = await renderDocsPage(document)
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': cacheControl,
      'content-security-policy': `default-src 'none'; style-src '${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    },
    body: html,
  }
}
