import * as z from 'zod/mini'
import type { RequestIssue } from '../errors/codes.js'
import { PkiError } from '../errors/pki-error.js'
import { isUuid } from './uuid.js'

/*
 * Schemas in core are built with `zod/mini`, whose objects are parsed by plain code. Those of `zod` itself compile a
 * parser with `new Function`, and try at once whether they may; only the global `config({ jitless: true })`, which belongs
 * to the host, would stop that. Under a Content Security Policy or `--disallow-code-generation-from-strings` neither
 * must happen.
 */

/** An id, in either case: RFC 9562 §4 has readers take both. It is lowercase from here on. */
export const uuid = z.string().check(z.refine(isUuid, 'must be a UUID'), z.toLowerCase())

/** What people call something: no control character and no half of a pair, which databases refuse or replace. */
export const displayName = z
  .string()
  .check(
    z.trim(),
    z.minLength(1),
    z.maxLength(200),
    z.regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must have no control characters'),
  )

/** More issues than this help nobody. */
const maximumIssues = 20

/**
 * Plain data from outside as a typed value. Schemas are strict objects: an unknown field is refused by name.
 *
 * @param about.action as messages begin: `Cannot read certificate request`
 * @param about.path where the data stands, in front of the path of each issue
 * @throws {PkiError} `invalid_request` with each issue
 */
export function parsePlainData<T>(
  schema: z.ZodMiniType<T>,
  input: unknown,
  about: { readonly action: string; readonly path?: readonly string[] },
): T {
  const result = schema.safeParse(input, { error: describeIssue })
  if (result.success) return result.data
  const issues = result.error.issues
    .slice(0, maximumIssues)
    .map(({ path, message }): RequestIssue => ({ path: pathText([...(about.path ?? []), ...path]), message }))
  const sentence = issues.map(({ path, message }) => `${path === '' ? 'it' : path} ${message}`).join('; ')
  throw new PkiError('invalid_request', `${about.action}: ${sentence}`, { issues })
}

/** What follows the path in a sentence. Schemas give their own words where these would not help. */
function describeIssue(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys': {
      const fields = issue.keys.slice(0, maximumIssues).map((key) => `"${key.slice(0, 80)}"`)
      return `has unknown fields: ${fields.join(', ')}`
    }
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be of type ${issue.expected}`
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`
    case 'too_small':
      return `${mustBe(issue.origin)} at least ${issue.minimum}${unitOf(issue.origin)}`
    case 'too_big':
      return `${mustBe(issue.origin)} at most ${issue.maximum}${unitOf(issue.origin)}`
    default:
      return 'is not valid'
  }
}

const unitOf = (origin: string): string => ({ string: ' characters', array: ' entries' })[origin] ?? ''

const mustBe = (origin: string): string => (unitOf(origin) === '' ? 'must be' : 'must have')

const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`))
    .join('')
