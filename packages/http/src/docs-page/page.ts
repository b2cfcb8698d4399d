import { Html, html, join, sourceHash } from '@certwright/html'
import type { OpenApiDocument } from '../openapi/document-types.js'
import { type PlacedOperation, renderOperation } from './operation.js'
import { style } from './style.js'

export interface DocsPage {
  readonly html: string
  /** Source expression of the style sheet for a Content-Security-Policy. */
  readonly styleHash: string
}

/** The OpenAPI document as one page without any script, so that no policy and no missing network can break it. */
export async function renderDocsPage(document: OpenApiDocument): Promise<DocsPage> {
  const groups = document.tags.map(({ name }) => ({ name, operations: operationsOf(document, name) }))
  const { title, description } = document.info
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} API</title>
<style>${new Html(style)}</style>
</head>
<body>
<div class="layout">
<nav aria-label="Operations">${join(groups.map(renderNavigation))}</nav>
<main>
<h1>${title} API</h1>
<p>${description}</p>
<p>Send your key in the header <code>Authorization: Bearer cm_…</code>. A refusal has the body <code>{ "error": "…" }</code>
with a sentence for people; the header <code>Certwright-Error</code> holds its code for programs. The machine-readable form
of this page is the <a href="v1/openapi">OpenAPI document</a>.</p>
${join(groups.map((group) => renderGroup(group, document)))}
</main>
</div>
</body>
</html>
`
  return { html: page.text, styleHash: await sourceHash(style) }
}

interface Group {
  readonly name: string
  readonly operations: readonly PlacedOperation[]
}

function operationsOf(document: OpenApiDocument, tag: string): PlacedOperation[] {
  return Object.entries(document.paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        operation,
      })),
    )
    .filter(({ operation }) => operation.tags.includes(tag))
}

function renderNavigation({ name, operations }: Group): Html {
  const links = operations.map(
    ({ operation }) => html`<a href="#${operation.operationId}">${operation.summary}</a>`,
  )
  return html`<h2>${name}</h2>${join(links)}`
}

function renderGroup({ name, operations }: Group, document: OpenApiDocument): Html {
  return html`<section>
<h2>${name}</h2>
${join(operations.map((placed) => renderOperation(placed, document)))}
</section>
`
}
