import type { z } from 'zod'
import type {
  BinaryContent,
  Endpoint,
  JsonContent,
  Operation,
  RequestBodyDocument,
} from '../routes/endpoint.js'
import { referenceOrSchema } from './components.js'
import type {
  MediaTypeObject,
  OperationObject,
  ParameterObject,
  RequestBodyObject,
  ResponseObject,
} from './document-types.js'
import { headerReferences, refusalReference } from './refusals.js'
import { exampleOf, type Side, schemaObject } from './schema-object.js'

/** @param credentials the names of the security schemes, any of which will do */
export function operationObject(
  endpoint: Endpoint & { readonly operation: Operation },
  credentials: readonly string[],
): OperationObject {
  const { access, operation } = endpoint
  const statuses = [...operation.refusals, ...(access === 'public' ? [] : [401]), 429, 500, 503]
  const refusals = statuses.sort((a, b) => a - b).map((status) => [String(status), refusalReference(status)])
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    description: operation.description,
    security: access === 'public' ? [] : credentials.map((name) => ({ [name]: [] })),
    ...parametersOf(operation),
    ...(operation.requestBody && { requestBody: requestBodyObject(operation.requestBody) }),
    responses: { '200': successResponse(operation), ...Object.fromEntries(refusals) },
    ...(operation.extension && { 'x-certwright-extension': true }),
  }
}

function parametersOf(operation: Operation): { parameters?: readonly ParameterObject[] } {
  const parameters = [
    ...parameterObjects('path', operation.parameters),
    ...parameterObjects('query', operation.query),
    ...(operation.idempotent ? [idempotencyKey] : []),
  ]
  return parameters.length === 0 ? {} : { parameters }
}

function parameterObjects(place: 'path' | 'query', schema: z.ZodObject | undefined): ParameterObject[] {
  if (schema === undefined) return []
  const { properties = {} } = schemaObject(schema, 'output')
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: place === 'path',
    ...(description !== undefined && { description }),
    schema: property,
  }))
}

const idempotencyKey: ParameterObject = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Only with a CSR. The same key and body within 24 hours give the same answer instead of another certificate',
  schema: { type: 'string' },
}

function requestBodyObject(body: RequestBodyDocument): RequestBodyObject {
  const content = mediaTypes(body.content, 'input', body.example)
  return { required: body.required, content }
}

function successResponse(operation: Operation): ResponseObject {
  const { description, content } = operation.success
  return {
    description,
    headers: headerReferences(
      'X-Request-Id',
      'RateLimit-Limit',
      'RateLimit-Remaining',
      'RateLimit-Reset',
      ...(operation.idempotent ? (['Idempotent-Replayed'] as const) : []),
    ),
    content: mediaTypes(content, 'output'),
  }
}

function mediaTypes(
  content: JsonContent | BinaryContent,
  side: Side,
  example?: unknown,
): Record<string, MediaTypeObject> {
  if (content.kind === 'binary')
    return { [content.mediaType]: { schema: { type: 'string', format: 'binary' } } }
  return {
    'application/json': {
      schema: referenceOrSchema(content.schema, side),
      example: example ?? exampleOf(schemaObject(content.schema, side)),
    },
  }
}
