/** Where the tables are, unless the host says otherwise. */
export const defaultSchema = 'certwright'

/**
 * The name as it stands in SQL. Letters, digits and underscores alone: nothing needs to be escaped, and it reads the same
 * everywhere.
 *
 * @throws {RangeError} another name
 */
export function quotedSchema(schema: string): string {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) return `"${schema}"`
  throw new RangeError('schema: expected 1 to 63 lowercase letters, digits and underscores, no digit first')
}
