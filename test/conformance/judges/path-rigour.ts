import type { VerifyRequest } from '../../../packages/core/src/path.js'
import { bytesList, param, truth } from '../judge.js'
import type { Case } from '../pack.js'

/* How strict a case wants its validator. */

/**
 * Whether the rules that bind CAs count. A case may say so. Others that name a profile, as x509-limbo does, ask whether a
 * certificate keeps all of it; so do those that ask nothing but whether it is right, as x509test does. A case that sets
 * inputs of an algorithm asks for that algorithm and no more.
 */
export function isStrict(subject: Case): boolean {
  const { params } = subject
  if (typeof params['strict'] === 'boolean') return params['strict']
  if ('profile' in params) return true
  const asksNoMore = Object.keys(params).every((name) => bareParams.has(name))
  const asksOfCrls = bytesList(subject, 'crls').length > 0 || param(subject, 'revocation') === 'hard-fail'
  return asksNoMore && !asksOfCrls && !params['peer']
}

const bareParams: ReadonlySet<string> = new Set(['purpose', 'peer', 'revocation'])

/** Bits of an RSA modulus that OpenSSL's security levels ask for (`SSL_CTX_set_security_level`). */
const rsaBitsOfLevel = [0, 1024, 2048, 3072, 7680, 15_360] as const

/** Which signatures and keys count, and whether the end entity must name its purpose. */
export function securityOf(
  subject: Case,
): Pick<VerifyRequest, 'allowSha1' | 'minimumRsaBits' | 'requirePurpose'> {
  const { minRsaBits, authLevel } = subject.params
  const ofLevel = typeof authLevel === 'number' ? (rsaBitsOfLevel[authLevel] ?? 15_360) : undefined
  const minimumRsaBits = typeof minRsaBits === 'number' ? minRsaBits : ofLevel
  return {
    allowSha1: truth(subject, 'allowSha1') || authLevel === 0,
    ...(minimumRsaBits !== undefined && { minimumRsaBits }),
    requirePurpose: (subject.features ?? []).some((feature) => purposeModes.has(feature)),
  }
}

/** BoringSSL's strict modes, which its pack tells by these tags (its README). */
const purposeModes: ReadonlySet<string> = new Set(['strict-eku', 'strict-leaf-eku'])
