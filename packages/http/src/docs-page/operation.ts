import { type Html, html, join } from '@certwright/html'
import type {
  MediaTypeObject,
  OpenApiDocument,
  OperationObject,
  ParameterObject,
  Reference,
  SchemaObject,
} from '../openapi/document-types.js'

export interface PlacedOperation {
  readonly method: string
  readonly path: string
  readonly operation: OperationObject
}

export function renderOperation(
  { method, path, operation }: PlacedOperation,
  document: OpenApiDocument,
): Html {
  const isPublic = operation.security.length === 0
  return html`<article id="${operation.operationId}">
<h3>${operation.summary}${badge(operation['x-certwright-extension'], 'extension')}${badge(isPublic, 'public')}</h3>
<p class="place"><code><span class="method ${method}">${method}</span> ${path}</code></p>
<p>${operation.description}</p>
${renderParameters(operation.parameters ?? [])}${renderBody(operation, document)}${renderResponses(operation, document)}
</article>
`
}

const badge = (shown: boolean | undefined, text: string): Html =>
  shown ? html`<span class="badge">${text}</span>` : html``

function renderParameters(parameters: readonly ParameterObject[]): Html {
  if (parameters.length === 0) return html``
  const rows = parameters.map(({ name, in: place, description, schema, required }) =>
    renderField(name, { ...schema, ...(description !== undefined && { description }) }, required, place),
  )
  return html`<h4>Parameters</h4>
<table>${join(rows)}</table>
`
}

function renderBody({ requestBody }: OperationObject, document: OpenApiDocument): Html {
  if (requestBody === undefined) return html``
  const parts = Object.entries(requestBody.content).map(([type, { schema, example }]) => {
    const { properties = {}, required = [] } = resolve(schema, document.components.schemas)
    const rows = Object.entries(properties).map(([name, property]) =>
      renderField(name, property, required.includes(name)),
    )
    return html`<p><code>${type}</code></p>
<table>${join(rows)}</table>
${renderExample(example)}`
  })
  return html`<h4>Body${requestBody.required ? '' : ', optional'}</h4>
${join(parts)}`
}

function renderField(name: string, schema: SchemaObject, required: boolean, place?: string): Html {
  const facts = [
    schema.description,
    schema.enum && `One of: ${schema.enum.join(', ')}`,
    schema.default !== undefined ? `Default: ${JSON.stringify(schema.default)}` : undefined,
    boundsOf(schema),
  ].filter((fact) => fact !== undefined)
  const sentences = facts.map((fact) => html`<div>${fact}</div>`)
  return html`<tr><th scope="row"><code>${name}</code>${badge(required, 'required')}${badge(
    schema['x-certwright-extension'],
    'extension',
  )}</th>
<td class="type">${typeOf(schema)}${place === undefined ? '' : `, in ${place}`}</td><td>${join(sentences)}</td></tr>
`
}

function typeOf(schema: SchemaObject): string {
  const type = schema.items === undefined ? (schema.type ?? 'any') : `${typeOf(schema.items)}[]`
  return schema.format === undefined ? type : `${type} (${schema.format})`
}

function boundsOf({ minimum, maximum }: SchemaObject): string | undefined {
  if (minimum === undefined) return maximum === undefined ? undefined : `At most ${maximum}`
  return maximum === undefined ? `At least ${minimum}` : `${minimum} to ${maximum}`
}

function renderResponses(operation: OperationObject, document: OpenApiDocument): Html {
  const rows = Object.entries(operation.responses).map(([status, response]) => {
    const { description, content = {} } = resolve(response, document.components.responses)
    const examples = status === '200' ? Object.entries(content).map(renderContent) : []
    return html`<tr><th scope="row"><code>${status}</code></th><td>${description}${join(examples)}</td></tr>
`
  })
  return html`<h4>Answers</h4>
<table>${join(rows)}</table>`
}

const renderContent = ([type, { example }]: readonly [string, MediaTypeObject]): Html =>
  html`<div class="quiet"><code>${type}</code></div>${renderExample(example)}`

const renderExample = (example: unknown): Html =>
  example === undefined ? html`` : html`<pre>${JSON.stringify(example, null, 2)}</pre>`

/** Our references all point to a component of the kind that is expected at their place. */
function resolve<T extends object>(value: T | Reference, components: Readonly<Record<string, T>>): T {
  // The casts: a schema may have $ref as an optional property of its own, which the type cannot tell apart.
  const { $ref } = value as Partial<Reference>
  const name = $ref?.slice($ref.lastIndexOf('/') + 1)
  return (name === undefined ? value : components[name]) as T
}
