/* As much of OpenAPI 3.0 as our document uses, to hold answers against it. */

export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly nullable?: boolean
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly 'x-certwright-extension'?: boolean
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
}

export interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[]
  readonly requestBody?: Content & { readonly required: boolean }
  readonly responses: Readonly<Record<string, Content & { readonly $ref?: string }>>
  readonly 'x-certwright-extension'?: boolean
}

export interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly responses: Readonly<Record<string, Content>>
  }
}

export const schemaOf = (content: Content | undefined): Schema | undefined =>
  content?.content?.['application/json']?.schema

/** The response that the document has for a status, by reference or in place. */
export function responseOf(document: Document, operation: Operation, status: number): Content | undefined {
  const response = operation.responses[String(status)]
  const name = response?.$ref?.replace('#/components/responses/', '')
  return name === undefined ? response : document.components.responses[name]
}

export function resolve(document: Document, schema: Schema | undefined): Schema {
  const name = schema?.$ref?.replace('#/components/schemas/', '')
  return (name === undefined ? schema : document.components.schemas[name]) ?? {}
}

/** Where a value is not what a schema says, or has what it does not tell of. */
export function mismatches(
  document: Document,
  value: unknown,
  given: Schema | undefined,
  path = '$',
): string[] {
  const schema = resolve(document, given)
  if (value === null) return schema.nullable ? [] : [`${path}: null`]
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${path}: not one of the enum`]
  switch (schema.type) {
    case 'string':
      if (typeof value !== 'string') return [`${path}: no string`]
      return schema.format === undefined || formats[schema.format]?.test(value)
        ? []
        : [`${path}: no ${schema.format}`]
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${path}: no boolean`]
    case 'integer': {
      const { minimum = -Infinity, maximum = Infinity } = schema
      return Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum
        ? []
        : [`${path}: ${JSON.stringify(value)}`]
    }
    case 'array':
      if (!Array.isArray(value)) return [`${path}: no array`]
      return value.flatMap((item: unknown, index) =>
        mismatches(document, item, schema.items, `${path}[${index}]`),
      )
    case 'object':
      return objectMismatches(document, value, schema, path)
    default:
      return [`${path}: the document does not say what it is`]
  }
}

function objectMismatches(document: Document, value: unknown, schema: Schema, path: string): string[] {
  if (typeof value !== 'object' || Array.isArray(value)) return [`${path}: no object`]
  const { properties = {}, required = [], additionalProperties } = schema
  const missing = required.filter((name) => !Object.hasOwn(value as object, name))
  return [
    ...missing.map((name) => `${path}.${name}: missing`),
    ...Object.entries(value as Record<string, unknown>).flatMap(([name, content]) => {
      const known =
        properties[name] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined)
      return known === undefined
        ? [`${path}.${name}: not told of`]
        : mismatches(document, content, known, `${path}.${name}`)
    }),
  ]
}

const formats: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
}
