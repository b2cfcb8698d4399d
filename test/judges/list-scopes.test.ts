import { describe, expect, it } from 'vitest'
import { issueFrom, pathOf, rootAndIssuingCa } from './hierarchy.js'
import { opensslVerifies } from './verify-path.js'
import { createWorld, type World } from './world.js'

/* The delta CRLs and partitions of an authority, as `openssl verify -crl_check_all -extended_crl -use_deltas` takes them. */

const hour = 3_600_000

async function scene(world: World) {
  const { root, issuingCa } = await rootAndIssuingCa(world)
  const { certificate } = await issueFrom(issuingCa, world)
  const { authority } = world
  const list = async (scope?: string) => (await authority.crl(issuingCa.id, scope)).der
  const { der: ofRoot } = await authority.crl(root.id)
  const verdict = async (...crlsDer: Uint8Array[]): Promise<string> => {
    const question = { ...pathOf(certificate, world), checkWholePath: true, takesParts: true }
    const { accepted, text } = await opensslVerifies({
      ...question,
      crlsDer: [ofRoot, ...crlsDer],
    })
    if (accepted) return 'good'
    return /error \d+ at 0 depth lookup: (.*)/.exec(text)?.[1] ?? text
  }
  const change = { certificateId: certificate.id }
  return { issuingCa, certificate, list, verdict, change }
}

const newWorld = () => createWorld({ crl: { deltaValiditySeconds: 6 * 3600 } })

describe('a delta CRL', () => {
  it('tells of a revocation after the list that it starts from', async () => {
    const world = newWorld()
    const { list, verdict, change } = await scene(world)
    const base = await list()
    expect(await verdict(base, await list('delta'))).toBe('good')
    world.now = new Date(world.now.getTime() + hour)
    await world.authority.revoke({ ...change, reason: 'keyCompromise' }, world.caller)
    expect(await verdict(base)).toBe('good')
    expect(await verdict(base, await list('delta'))).toBe('certificate revoked')
  })

  it('tells of the end of a hold (removeFromCRL), which the list that it starts from has', async () => {
    const world = newWorld()
    const { list, verdict, change } = await scene(world)
    await world.authority.revoke({ ...change, reason: 'certificateHold' }, world.caller)
    const base = await list()
    expect(await verdict(base, await list('delta'))).toBe('certificate revoked')
    world.now = new Date(world.now.getTime() + hour)
    await world.authority.releaseHold(change, world.caller)
    expect(await verdict(base)).toBe('certificate revoked')
    expect(await verdict(base, await list('delta'))).toBe('good')
  })

  it('fits a later complete list too', async () => {
    const world = newWorld()
    const { issuingCa, list, verdict, change } = await scene(world)
    await list()
    await world.authority.revoke({ ...change, reason: 'superseded' }, world.caller)
    const delta = await list('delta')
    await world.authority.publishCrl({ caId: issuingCa.id }, world.caller)
    expect(await verdict(await list(), delta)).toBe('certificate revoked')
  })
})

describe('a partition', () => {
  const scopes = ['0-of-2', '1-of-2'] as const

  it('is the list of the certificates that point to it, and of no others', async () => {
    const world = createWorld({ crl: { partitions: 2 } })
    const { certificate, list, verdict, change } = await scene(world)
    const own = Number.parseInt(certificate.serialNumber.slice(-1), 16) % 2
    const [itsList, otherList] = [scopes[own] ?? '', scopes[1 - own] ?? '']
    expect(await verdict(await list(itsList))).toBe('good')
    expect(await verdict(await list(otherList))).toBe('different CRL scope')
    await world.authority.revoke(change, world.caller)
    expect(await verdict(await list(itsList))).toBe('certificate revoked')
    expect(await verdict(await list())).toBe('certificate revoked')
  })
})
