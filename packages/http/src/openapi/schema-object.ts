import { z } from 'zod'
import type { SchemaObject } from './document-types.js'

export type Side = 'input' | 'output'

/**
 * A zod schema as a schema of OpenAPI 3.0.
 *
 * @param side what a client sends, or what we parse out of it or answer: a field with a default is optional in one
 * and always there in the other, and query text stands for the number that is read from it
 * @param nameOf the parts that the document holds under a name; they are referred to. Default: none
 */
export function schemaObject(
  schema: z.ZodType,
  side: Side,
  nameOf: (part: z.core.$ZodType) => string | undefined = () => undefined,
): SchemaObject {
  const { $schema: _, ...object } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: side,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema, path }) => {
      const name = path.length === 0 ? undefined : nameOf(zodSchema)
      if (name !== undefined) replaceByReference(jsonSchema, name)
      // A format says it better than the expression that zod checks it with.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern
      for (const key of Object.keys(jsonSchema)) if (jsonSchema[key] === undefined) delete jsonSchema[key]
      // Clients must ignore fields that they do not know; only for what they send is the list closed.
      if (side === 'output') closeNothing(jsonSchema)
    },
  })
  // The cast: zod types its result as JSON schema of any version.
  return object as SchemaObject
}

function replaceByReference(jsonSchema: z.core.JSONSchema.BaseSchema, name: string): void {
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key]
  jsonSchema.$ref = `#/components/schemas/${name}`
}

function closeNothing(jsonSchema: { additionalProperties?: unknown }): void {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
}

/** A sample value, put together from the examples of the parts. */
export function exampleOf(schema: SchemaObject): unknown {
  if (schema.example !== undefined) return schema.example
  if (schema.default !== undefined) return schema.default
  if (schema.enum !== undefined) return schema.enum[0]
  if (schema.items !== undefined) return [exampleOf(schema.items)]
  if (schema.properties !== undefined) {
    return Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, exampleOf(property)]),
    )
  }
  if (typeof schema.additionalProperties === 'object') {
    return { '3f6c1f0e-5f0a-4c83-9d4c-0b8b7a3f2c11': exampleOf(schema.additionalProperties) }
  }
  return schema.nullable ? null : '…'
}
