import { equalBytes } from '../encoding/bytes.js'
import { hexEncode } from '../encoding/hex.js'
import type { CertStatus } from '../x509/ocsp-basic-response.js'
import type { CertId } from '../x509/ocsp-cert-id.js'

/** Answers that are kept: with certificates of responders in them they take some 10 MB. */
const capacity = 10_000

/** An OCSP response, and until when it may be kept. */
export interface OcspAnswer {
  /** OCSPResponse, DER (RFC 6960 §4.2.1). */
  readonly der: Uint8Array
  /** Present where the answer may be kept and given to others: signed, and without a nonce. */
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date
}

/** What an answer depends on besides the time. */
export interface AnswerQuestion {
  readonly caId: string
  readonly certId: CertId
  /** As it is now: another status is another answer, so that a revocation is seen at once, in every process. */
  readonly status: CertStatus
  /** Who signs. */
  readonly responderKeyHash: Uint8Array
}

/** Signed answers, so that a crowd that asks about one certificate costs one signature. */
export interface OcspAnswerCache {
  /** The answer that is kept, if it has half of its life left at `now`; else the one that `make` makes. */
  answer(question: AnswerQuestion, now: Date, make: () => Promise<OcspAnswer>): Promise<OcspAnswer>
}

interface Kept extends Pick<AnswerQuestion, 'status' | 'responderKeyHash'> {
  readonly answer: Promise<OcspAnswer>
  readonly madeAt: Date
  readonly freshUntil: Date
}

/** @param lifetimeSeconds from thisUpdate to nextUpdate of an answer */
export function ocspAnswerCache(lifetimeSeconds: number): OcspAnswerCache {
  const kept = new Map<string, Kept>()
  return {
    answer(question, now, make) {
      const key = keyOf(question)
      const known = kept.get(key)
      if (known !== undefined && isCurrent(known, question, now)) return known.answer
      const { status, responderKeyHash } = question
      const freshUntil = new Date(now.getTime() + (lifetimeSeconds * 1000) / 2)
      const made = { status, responderKeyHash, madeAt: now, freshUntil, answer: make() }
      kept.delete(key)
      if (kept.size >= capacity) forgetOldest(kept)
      kept.set(key, made)
      made.answer.catch(() => {
        if (kept.get(key) === made) kept.delete(key)
      })
      return made.answer
    },
  }
}

const keyOf = ({ caId, certId }: AnswerQuestion): string =>
  [caId, certId.serialNumber, hexEncode(certId.hashAlgorithmDer)].join(' ')

/** An answer from the future means that the clock was set back: its thisUpdate would be refused. */
const isCurrent = (kept: Kept, { status, responderKeyHash }: AnswerQuestion, now: Date): boolean =>
  kept.madeAt <= now &&
  now < kept.freshUntil &&
  isSame(kept.status, status) &&
  equalBytes(kept.responderKeyHash, responderKeyHash)

function isSame(a: CertStatus, b: CertStatus): boolean {
  if (a.kind !== 'revoked' || b.kind !== 'revoked') return a.kind === b.kind
  return a.reason === b.reason && a.revocationTime.getTime() === b.revocationTime.getTime()
}

function forgetOldest(kept: Map<string, Kept>): void {
  for (const oldest of kept.keys()) {
    kept.delete(oldest)
    return
  }
}
