import type { Authority, Caller } from '@certwright/core'
import type { z } from 'zod'
import type { Answer } from '../answer.js'

/** One row of the API: where it is, who may come, what the OpenAPI document says, what it does. */
export type Endpoint = ApiEndpoint | PublicEndpoint

interface Place {
  readonly method: 'GET' | 'POST'
  /** Segments that begin with `:` are parameters; a last one that begins with `*` takes the rest of the path. */
  readonly path: string
  /** Absent: not part of the OpenAPI document. */
  readonly operation?: Operation
}

/** Needs a credential; `access` names the rate limit that it counts against. */
export interface ApiEndpoint extends Place {
  readonly access: 'general' | 'issue'
  serve(visit: Visit, caller: Caller): Promise<Answer>
}

export interface PublicEndpoint extends Place {
  readonly access: 'public'
  serve(visit: Visit): Promise<Answer>
}

/** One request, as far as endpoints may look at it. */
export interface Visit {
  readonly request: Request
  /** As it arrived, percent-encoding included. */
  readonly parameters: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly authority: Authority
  now(): Date
  /**
   * The body, up to the handler's bound, or to a lower one.
   *
   * @throws {HttpError} those of `body.ts`
   */
  readonly readBody: (maximumBytes?: number) => Promise<Uint8Array>
}

/** What the OpenAPI document tells about an endpoint. */
export interface Operation {
  readonly id: string
  readonly tag: Tag
  readonly summary: string
  readonly description: string
  /** Not in the documented API: an addition of ours, marked as such. */
  readonly extension?: boolean
  readonly parameters?: z.ZodObject
  readonly query?: z.ZodObject
  readonly idempotent?: boolean
  readonly requestBody?: RequestBodyDocument
  readonly success: SuccessDocument
  /** Statuses of refusals beyond those that every endpoint of its kind has. */
  readonly refusals: readonly number[]
}

export type Tag =
  | 'Access'
  | 'Certificate authorities'
  | 'Certificates'
  | 'Revocation information'
  | 'Documents'

export interface RequestBodyDocument {
  readonly required: boolean
  readonly content: JsonContent | BinaryContent
  readonly example?: Readonly<Record<string, unknown>>
}

export interface SuccessDocument {
  readonly description: string
  readonly content: JsonContent | BinaryContent
}

export interface JsonContent {
  readonly kind: 'json'
  readonly schema: z.ZodObject
}

export interface BinaryContent {
  readonly kind: 'binary'
  readonly mediaType: string
}
