import { checkCrl, checkOcspResponse } from '../../../packages/core/src/path.js'
import { type Answer, bytes, cryptoLimit, type Judge, optionalBytes, timeOf } from '../judge.js'
import type { Case } from '../pack.js'

/** A CRL, a certificate and its issuer. A list that cannot be read says nothing either. */
export const crl: Judge = statusJudge(async (subject) => {
  const other = optionalBytes(subject, 'issuer2')
  return checkCrl({
    crl: bytes(subject, 'crl'),
    ...common(subject),
    ...(other && { otherIssuers: [other] }),
  })
})

/** An OCSP response, a certificate, its issuer and what was asked. */
export const ocsp: Judge = statusJudge(async (subject) => {
  const request = optionalBytes(subject, 'request')
  return checkOcspResponse({
    response: bytes(subject, 'response'),
    ...common(subject),
    ...(request && { request }),
  })
})

const common = (subject: Case) => ({
  certificate: bytes(subject, 'cert'),
  issuer: bytes(subject, 'issuer'),
  at: timeOf(subject),
  // The packs are of 2017 and about the protocols, whose answers were signed with SHA-1 then.
  allowSha1: subject.params['allowSha1'] !== false,
  ...(typeof subject.params['maxAgeSeconds'] === 'number' && {
    maximumAgeSeconds: subject.params['maxAgeSeconds'],
  }),
})

type Status = Awaited<ReturnType<typeof checkCrl>>

/** `good` is what is taken; `revoked` is told apart from the rest, and unknown and invalid count as one (FORMAT.md). */
function statusJudge(ask: (subject: Case) => Promise<Status>): Judge {
  return {
    accepts: 'good',
    rejects: 'unknown',
    synonyms: { invalid: 'unknown' },
    limit: cryptoLimit,
    params: ['maxAgeSeconds', 'allowSha1'],
    async answer(subject): Promise<Answer> {
      const status = await ask(subject)
      if (status.kind === 'good') return true
      if (status.kind === 'revoked') return { answered: 'revoked' }
      return { refused: 'revocation_unknown', detail: status.because }
    },
  }
}
