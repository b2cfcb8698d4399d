import type { Case } from './pack.js'

/** What one kind of case asks, answered by Certwright. Adding a kind is a file in judges/ and a row in judges.ts. */
export interface Judge {
  /** The `expected.result` for input that we take. */
  readonly accepts: string
  /** The one for input that we refuse: by answering false, or by throwing a `PkiError`. */
  readonly rejects: string
  /** Results of the pack that count as another one, by that one's name. */
  readonly synonyms?: Readonly<Record<string, string>>
  /** Milliseconds after which a case counts as a hang. */
  readonly limit: number
  /** The parameters that it honours, or that need no honouring. Others are reported: the case may ask something else. */
  readonly params: readonly string[]
  answer(subject: Case): Answer | Promise<Answer>
}

/** Taken or refused, or refused for a reason; or why the question is none for us; or taken, and wrongly understood. */
export type Answer =
  | boolean
  | { readonly skip: string }
  | { readonly misread: string }
  | { readonly refused: string; readonly detail: string }
  /** Neither taken nor refused: a third answer, by its name. */
  | { readonly answered: string }

/** What came of one case. */
export type Outcome =
  /** `detail` is the message of the refusal, for people. */
  | { readonly type: 'answer'; readonly result: string; readonly detail?: string }
  | { readonly type: 'skip'; readonly reason: string }
  /** An error that is no `PkiError`, or the end of the process: never a refusal. */
  | { readonly type: 'crash'; readonly error: string }
  | { readonly type: 'hang' }

/**
 * Parsing is linear, and the largest input of a pack has some 100 KB: a millisecond or two. FORMAT.md gives a fuzz case
 * one second, on any machine.
 */
export const parseLimit = 1000

/** Importing an SLH-DSA key signs with it: seconds in JavaScript. What needs 10 s is called a hang in FORMAT.md. */
export const cryptoLimit = 10_000

export function bytes(subject: Case, input: string): Uint8Array {
  const value = subject.inputs[input]
  if (typeof value !== 'string') throw new TypeError(`the case has no input "${input}"`)
  return new Uint8Array(Buffer.from(value, 'base64'))
}

export function bytesList(subject: Case, input: string): Uint8Array[] {
  const values = subject.inputs[input] ?? []
  if (typeof values === 'string') throw new TypeError(`the input "${input}" of the case is no list`)
  return values.map((value) => new Uint8Array(Buffer.from(value, 'base64')))
}

export function optionalBytes(subject: Case, input: string): Uint8Array | undefined {
  return subject.inputs[input] === undefined ? undefined : bytes(subject, input)
}

/** The time of a case; FORMAT.md has `null` for the current one. */
export const timeOf = ({ time }: Case): Date => (time === null ? new Date() : new Date(time))

/** A parameter as text; '' where it is absent. */
export function param(subject: Case, name: string): string {
  const value = subject.params[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

export const truth = (subject: Case, name: string): boolean => subject.params[name] === true
