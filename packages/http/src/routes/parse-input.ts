import { PkiError, type RequestIssue } from '@certwright/core'
import type { z } from 'zod'
import { describeIssues } from '../errors/describe-issues.js'
import { nearestName } from '../errors/nearest-name.js'

type Fields = Readonly<Record<string, unknown>>

/** At most so many unknown names are told at once, and of each at most so many characters. */
const maximumUnknownNames = 10
const maximumNameLength = 64

/** Unknown fields are refused by name: a misspelt `sanDns` must not yield a certificate without names. */
export function parseBody<S extends z.ZodObject>(schema: S, body: Fields): z.output<S> {
  const known = Object.keys(schema.shape)
  const unknown = Object.keys(body).filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    throw refused(
      'body',
      unknown.slice(0, maximumUnknownNames).map((name) => unknownName(name, known)),
    )
  }
  return parse('body', schema, body)
}

/**
 * Unknown query parameters are left alone, because proxies and tools add their own. One that is a slip for a known
 * parameter is refused: a misspelt `caId` must not yield the certificates of every CA.
 */
export function parseQuery<S extends z.ZodObject>(schema: S, query: URLSearchParams): z.output<S> {
  const known = Object.keys(schema.shape)
  const values = new Map<string, string>()
  const issues: RequestIssue[] = []
  for (const [name, value] of query) {
    if (!known.includes(name)) {
      if (nearestName(name, known) !== undefined) issues.push(unknownName(name, known))
    } else if (values.has(name)) {
      issues.push({ path: name, message: 'must be given once' })
    } else {
      values.set(name, value)
    }
  }
  if (issues.length > 0) throw refused('query', issues.slice(0, maximumUnknownNames))
  return parse('query', schema, Object.fromEntries(values))
}

export function parseParameters<S extends z.ZodObject>(schema: S, parameters: Fields): z.output<S> {
  return parse('path', schema, parameters)
}

/** `jitless`: zod would otherwise compile a parser with `new Function`, which a host may forbid. */
function parse<S extends z.ZodObject>(part: string, schema: S, fields: Fields): z.output<S> {
  const result = schema.safeParse(fields, { jitless: true, reportInput: true })
  if (!result.success) throw refused(part, describeIssues(result.error))
  return result.data
}

function unknownName(name: string, known: readonly string[]): RequestIssue {
  const path = name.length > maximumNameLength ? `${name.slice(0, maximumNameLength)}…` : name
  const meant = nearestName(name, known)
  const hint =
    meant !== undefined
      ? `did you mean "${meant}"`
      : known.length > 0
        ? `known are ${known.join(', ')}`
        : 'leave it out'
  return { path, message: `is not known, ${hint}` }
}

function refused(part: string, issues: readonly RequestIssue[]): PkiError<'invalid_request'> {
  const sentences = issues.map(({ path, message }) => `${JSON.stringify(path)} ${message}`).join('; ')
  return new PkiError('invalid_request', `Cannot read ${part}: ${sentences}`, { issues })
}
