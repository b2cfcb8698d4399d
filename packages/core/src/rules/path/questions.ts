import type { CryptoProvider, MaybePromise } from '../../crypto/provider.js'
import { findSignatureAlgorithm } from '../../crypto/signature-algorithms.js'
import type { PublicKey } from '../../crypto/public-key.js'
import { verifySignature } from '../../crypto/verify.js'
import { isPkiError } from '../../errors/pki-error.js'
import type { SignedData } from '../../x509/signed-data.js'

/*
 * Validation is one long decision with two kinds of question to the world: does this signature verify, and what does
 * the CA say of this certificate now? Written with callbacks or promises the decision would be asynchronous on every
 * line; so it is written as generators that yield their questions, and whoever runs them chooses: synchronously where
 * the platform's cryptography is and nothing is fetched, else with promises. The decision is the same code in both.
 */

/** Is this signature by this key? */
export interface SignatureQuestion {
  readonly ask: 'signature'
  readonly signed: SignedData
  readonly publicKey: PublicKey
}

/** What does the issuer say of a certificate? Answered by the caller's `fetchRevocation`, if there is one. */
export interface FetchQuestion<Request, Answer> {
  readonly ask: 'fetch'
  readonly request: Request
  readonly answer?: Answer
}

export type Question = SignatureQuestion | FetchQuestion<unknown, unknown>

/** A decision that may ask on its way. */
export type Asking<T> = Generator<Question, T, unknown>

export function* askSignature(signed: SignedData, publicKey: PublicKey): Asking<boolean> {
  return (yield { ask: 'signature', signed, publicKey }) === true
}

/** Who answers. `fetch` absent: nothing is fetched, and every such question is answered with `undefined`. */
export interface Answers {
  readonly crypto: CryptoProvider
  /** Verify signatures with SHA-1 too. Default: false. */
  readonly allowSha1?: boolean
  readonly fetch?: ((request: never) => MaybePromise<unknown>) | undefined
}

/** Run a decision to its end: synchronously for as long as every answer is. */
export function answerAll<T>(decision: Asking<T>, answers: Answers): MaybePromise<T> {
  let step = decision.next()
  while (step.done !== true) {
    const answer = answerOne(step.value, answers)
    if (answer instanceof Promise) return answerRest(decision, answer, answers)
    step = decision.next(answer)
  }
  return step.value
}

async function answerRest<T>(decision: Asking<T>, first: Promise<unknown>, answers: Answers): Promise<T> {
  let step = decision.next(await first)
  while (step.done !== true) step = decision.next(await answerOne(step.value, answers))
  return step.value
}

function answerOne(question: Question, answers: Answers): unknown {
  if (question.ask === 'fetch') return answers.fetch?.(question.request as never)
  return verifies(question, answers)
}

/** A signature of an unknown algorithm, or by a key that is none, is one that does not verify; other errors are ours. */
function verifies({ signed, publicKey }: SignatureQuestion, answers: Answers): MaybePromise<boolean> {
  try {
    const algorithm = findSignatureAlgorithm(signed.signatureAlgorithmDer, answers)
    const answer = verifySignature(answers.crypto, {
      algorithm,
      publicKey,
      message: signed.tbsDer,
      signature: signed.signature,
    })
    return answer instanceof Promise ? answer.catch(refused) : answer
  } catch (error) {
    return refused(error)
  }
}

function refused(error: unknown): false {
  if (isPkiError(error)) return false
  throw error
}
