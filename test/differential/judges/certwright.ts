import { verifyCertificate } from '@certwright/core/path'
import type { Judge } from './judge.js'

export const certwright: Judge = {
  name: 'certwright',
  version: 'this checkout',
  limits: {},
  checksIdentity: true,
  async judge({ question: { checkRevocation, ...question } }) {
    const verdict = await verifyCertificate({
      ...question,
      revocation: checkRevocation ? 'hard-fail' : 'none',
    })
    return verdict.ok
  },
}
