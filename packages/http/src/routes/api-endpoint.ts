import type { Authority, Caller, IssueOptions } from '@certwright/core'
import { z } from 'zod'
import type { Answer } from '../answer.js'
import { readJsonObject } from '../json-body.js'
import type { ApiEndpoint, Operation, Visit } from './endpoint.js'
import { parseBody, parseParameters, parseQuery } from './parse-input.js'

const nothing = z.strictObject({})
type Nothing = typeof nothing

interface Definition<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject> {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly access: 'general' | 'issue'
  readonly parameters?: P
  readonly query?: Q
  readonly body?: { readonly required: boolean; readonly schema: B; readonly example: z.input<B> }
  readonly operation: Omit<Operation, 'parameters' | 'query' | 'requestBody' | 'success'>
  readonly success: { readonly description: string; readonly schema: z.ZodObject }
  run(input: Input<P, Q, B>): Promise<Answer>
}

export interface Input<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject> {
  readonly parameters: z.output<P>
  readonly query: z.output<Q>
  readonly body: z.output<B>
  readonly authority: Authority
  readonly caller: Caller
  /** The caller with the request's `Idempotency-Key`, for the operations that take one. */
  readonly issueOptions: IssueOptions
}

/** An endpoint of the API out of its schemas: the same ones parse the request and write the OpenAPI document. */
export function apiEndpoint<
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodObject = Nothing,
>(definition: Definition<P, Q, B>): ApiEndpoint {
  const { method, path, access, parameters, query, body, success } = definition
  return {
    method,
    path,
    access,
    operation: {
      ...definition.operation,
      ...(parameters && { parameters }),
      ...(query && { query }),
      ...(body && {
        requestBody: {
          required: body.required,
          content: { kind: 'json', schema: body.schema },
          example: body.example,
        },
      }),
      success: { description: success.description, content: { kind: 'json', schema: success.schema } },
    },
    async serve(visit, caller) {
      return definition.run({
        // The casts: an endpoint without a schema has `Nothing` for its type parameter, and `{}` is its only value.
        parameters: (parameters ? parseParameters(parameters, visit.parameters) : {}) as z.output<P>,
        query: (query ? parseQuery(query, visit.query) : {}) as z.output<Q>,
        body: (body ? await readAndParseBody(body, visit) : {}) as z.output<B>,
        authority: visit.authority,
        caller,
        issueOptions: withIdempotencyKey(caller, visit.request),
      })
    },
  }
}

async function readAndParseBody<B extends z.ZodObject>(
  body: { readonly required: boolean; readonly schema: B },
  visit: Visit,
): Promise<z.output<B>> {
  return parseBody(body.schema, await readJsonObject(visit, body.required))
}

function withIdempotencyKey(caller: Caller, request: Request): IssueOptions {
  const idempotencyKey = request.headers.get('idempotency-key')
  return idempotencyKey === null ? caller : { idempotencyKey, ...caller }
}
