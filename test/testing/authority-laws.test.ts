import { type Authority, createAuthority, operator } from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { authorityLaws } from '@certwright/testing'
import { describe, expect, it } from 'vitest'

/* The proof of the laws: an authority over memory keeps them, and each of those that are wrong in one way breaks one. */

const right = (): Authority => createAuthority({ storage: memoryStorage(), custody: memoryCustody() })

async function broken(authority: Authority): Promise<string[]> {
  const names: string[] = []
  for (const law of authorityLaws(authority))
    await law.run().catch(() => names.push(`${law.group} ${law.name}`))
  return names
}

const wrong = (change: (authority: Authority) => Partial<Authority>): Authority => {
  const authority = right()
  return { ...authority, ...change(authority) }
}

const brokenAuthorities: readonly { bug: string; authority: Authority; refusedBy: string }[] = [
  {
    bug: 'everybody is an operator',
    authority: wrong((inner) => ({
      getCertificate: async (id, { principal }) =>
        inner.getCertificate(
          id,
          principal.kind === 'operator' ? { principal } : { principal: operator('anybody') },
        ),
    })),
    refusedBy: 'whoever may not gets nothing, and is not told whether there is something',
  },
  {
    bug: 'a plan is carried out',
    authority: wrong((inner) => ({
      async plan(request, caller) {
        await inner.issue(request, caller)
        return inner.plan(request, caller)
      },
    })),
    refusedBy: 'a certificate that is issued is what was planned',
  },
  {
    bug: 'the list is that of before',
    authority: wrong((inner) => ({
      revoke: async (request, caller) => {
        const before = await inner.publishCrl({ caId: await caOf(inner, request.certificateId) }, caller)
        stale.set(inner, before)
        return inner.revoke(request, caller)
      },
      publishCrl: async (request, caller) => stale.get(inner) ?? inner.publishCrl(request, caller),
    })),
    refusedBy: 'a certificate that is revoked is on the list, and others are not',
  },
  {
    bug: 'a renewal is the same certificate',
    authority: wrong((inner) => ({
      renew: async ({ certificateId }, caller) => ({
        certificate: await inner.getCertificate(certificateId, caller),
        replayed: false,
      }),
    })),
    refusedBy: 'a certificate that is renewed has its names and another serial number, and both are valid',
  },
]

const stale = new WeakMap<Authority, Awaited<ReturnType<Authority['publishCrl']>>>()

const caOf = async (authority: Authority, certificateId: string): Promise<string> =>
  (await authority.getCertificate(certificateId, { principal: operator('anybody') })).caId

describe('the laws of an authority', () => {
  it('are kept by one over memory', async () => {
    expect(await broken(right())).toEqual([])
  }, 60_000)

  it.each(brokenAuthorities)(
    'refuse one where $bug',
    async ({ authority, refusedBy }) => {
      expect(await broken(authority)).toContain(refusedBy)
    },
    60_000,
  )
})
