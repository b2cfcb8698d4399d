import type { RequestIssue } from '@certwright/core'
import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** At most so many faults are told at once: enough to mend a request, too few to fill a log. */
const maximumIssues = 10

/** Faults that the schema found, as sentences without the value: it may be a passphrase. */
export function describeIssues(error: z.core.$ZodError): RequestIssue[] {
  return error.issues.slice(0, maximumIssues).map((issue) => ({
    path: pathText(issue.path),
    message: sentenceOf(issue),
  }))
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? String(step) : `${text}.${String(step)}`
  }, '')
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  array: 'a list',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
}

function sentenceOf(issue: Issue): string {
  if (issue.code === 'invalid_type') {
    // `reportInput` puts the value here; only whether there is one matters.
    return issue.input === undefined ? 'is required' : `must be ${kinds[issue.expected] ?? issue.expected}`
  }
  if (issue.code === 'invalid_value') {
    return `must be one of ${issue.values.map((value) => `"${String(value)}"`).join(', ')}`
  }
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`
  return issue.message
}
