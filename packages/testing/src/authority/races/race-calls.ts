import type { Authority } from '@certwright/core'
import * as fc from 'fast-check'
import { csr, me } from '../histories/world.js'

/** What several callers want at the same time, on the CA and the certificates that are there when they begin. */
export type RaceCall =
  | { readonly kind: 'issue'; readonly idempotencyKey?: string }
  | { readonly kind: 'renew' | 'revoke' | 'hold' | 'release'; readonly certificate: number }
  | { readonly kind: 'publish' | 'revokeCa' | 'revokeKey' | 'issueWithKey' }

/** What they have to begin with. */
export interface RaceWorld {
  readonly caId: string
  /** Ids; the last one is on hold. */
  readonly certificateIds: readonly string[]
  readonly apiKey: { readonly id: string; readonly secret: string }
}

export const certificatesOfWorld = 3

const certificate = fc.nat(certificatesOfWorld - 1)
const on = (kind: 'renew' | 'revoke' | 'hold' | 'release'): fc.Arbitrary<RaceCall> =>
  certificate.map((number) => ({ kind, certificate: number }))

const call: fc.Arbitrary<RaceCall> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<RaceCall>({ kind: 'issue' }) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('a', 'b')
      .map((idempotencyKey): RaceCall => ({ kind: 'issue', idempotencyKey })),
  },
  { weight: 2, arbitrary: on('renew') },
  { weight: 3, arbitrary: on('revoke') },
  { weight: 2, arbitrary: on('hold') },
  { weight: 2, arbitrary: on('release') },
  { weight: 3, arbitrary: fc.constant<RaceCall>({ kind: 'publish' }) },
  { weight: 1, arbitrary: fc.constant<RaceCall>({ kind: 'revokeCa' }) },
  { weight: 1, arbitrary: fc.constant<RaceCall>({ kind: 'revokeKey' }) },
  { weight: 2, arbitrary: fc.constant<RaceCall>({ kind: 'issueWithKey' }) },
)

export const raceCalls = (maxCalls: number): fc.Arbitrary<readonly RaceCall[]> =>
  fc.array(call, { minLength: 2, maxLength: maxCalls, size: 'max' })

/** @returns the id of the certificate that was handed out, and the number of the list that was made */
export async function perform(
  asked: RaceCall,
  authority: Authority,
  world: RaceWorld,
): Promise<{ readonly certificateId?: string; readonly crlNumber?: number }> {
  const { caId, certificateIds, apiKey } = world
  const certificateId = 'certificate' in asked ? (certificateIds[asked.certificate] ?? '') : ''
  switch (asked.kind) {
    case 'issue': {
      const request = { caId, mode: 'csr', csrPem: await csr() } as const
      const { idempotencyKey } = asked
      const options = { ...me, ...(idempotencyKey !== undefined && { idempotencyKey }) }
      return { certificateId: (await authority.issue(request, options)).certificate.id }
    }
    case 'issueWithKey': {
      const caller = { principal: await authority.authenticate(apiKey.secret) }
      const request = { caId, mode: 'csr', csrPem: await csr() } as const
      return { certificateId: (await authority.issue(request, caller)).certificate.id }
    }
    case 'renew': {
      const renewal = { certificateId, csrPem: await csr() }
      return { certificateId: (await authority.renew(renewal, me)).certificate.id }
    }
    case 'revoke':
    case 'hold':
      await authority.revoke(
        { certificateId, reason: asked.kind === 'hold' ? 'certificateHold' : 'superseded' },
        me,
      )
      return {}
    case 'release':
      await authority.releaseHold({ certificateId }, me)
      return {}
    case 'publish':
      return { crlNumber: (await authority.publishCrl({ caId }, me)).number }
    case 'revokeCa':
      await authority.revokeCa({ caId, reason: 'cessationOfOperation' }, me)
      return {}
    case 'revokeKey':
      await authority.revokeApiKey({ apiKeyId: apiKey.id }, me)
      return {}
  }
}
