import { type Action, type Authority, isPkiError, type Principal, type Rights } from '@certwright/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replaceMethods } from '../../packages/testing/src/chaos/replace-methods.js'
import { asHost, newCsr, newRoot, newSetting, type Setting } from './setting.js'

const all: Rights = { canRead: true, canIssue: true, canRevoke: true }
const csrPem = await newCsr({ commonName: 'db.example.org' })
const absentId = '01900000-0000-7000-8000-000000000000'

/** A key of the workspace with these grants, as its holder shows it. */
async function keyWith(
  { authority }: Setting,
  workspaceId: string,
  grants: Readonly<Record<string, Rights>>,
): Promise<{ readonly principal: Principal }> {
  const email = `${Math.random().toString(36).slice(2)}@example.org`
  const user = await authority.createUser({ email }, asHost)
  const { secret } = await authority.createApiKey(
    { workspaceId, userId: user.id, name: 'key', grants },
    asHost,
  )
  return { principal: await authority.authenticate(secret) }
}

/** root → issuing, with a certificate of each, and a CA of another workspace. */
async function hierarchy() {
  const setting = newSetting()
  const { authority } = setting
  const workspace = await authority.createWorkspace({ name: 'Ours', plan: 'pro' }, asHost)
  const others = await authority.createWorkspace({ name: 'Theirs', plan: 'pro' }, asHost)
  const root = await newRoot(authority, { workspaceId: workspace.id })
  const issuing = await authority.createIntermediate(
    { parentCaId: root.id, name: 'Issuing', keyAlgorithm: 'Ed25519' },
    asHost,
  )
  const foreign = await newRoot(authority, { workspaceId: others.id, name: 'Foreign' })
  const cas = [root, issuing, foreign]
  const certificateOf = new Map<string, string>()
  for (const { id } of cas) {
    const { certificate } = await authority.issue({ caId: id, mode: 'csr', csrPem }, asHost)
    certificateOf.set(id, certificate.id)
  }
  return { setting, authority, workspace, others, root, issuing, foreign, cas, certificateOf }
}

const codeOf = async (attempt: Promise<unknown>): Promise<string> => {
  try {
    await attempt
    return 'ok'
  } catch (error) {
    if (isPkiError(error)) return error.code
    throw error
  }
}

/** One call of the facade for each action, without an effect that lasts where it is a revocation of the revoked. */
const attempt: Record<
  Action,
  (a: Authority, caId: string, caller: { principal: Principal }) => Promise<unknown>
> = {
  read: (authority, caId, caller) => authority.getCa(caId, caller),
  issue: (authority, caId, caller) => authority.plan({ caId, mode: 'csr', csrPem }, caller),
  revoke: (authority, caId, caller) => authority.publishCrl({ caId }, caller),
}

const rights = fc.record({ canRead: fc.boolean(), canIssue: fc.boolean(), canRevoke: fc.boolean() })

describe('what an API key may do', () => {
  it('is what explain says, on its own CA alone: no right widens down or up the tree', async () => {
    const { setting, authority, workspace, root, issuing, foreign, cas } = await hierarchy()
    await fc.assert(
      fc.asyncProperty(rights, rights, async (onRoot, onIssuing) => {
        const grants = Object.fromEntries(
          [[root.id, onRoot] as const, [issuing.id, onIssuing] as const].filter(([, r]) =>
            Object.values(r).includes(true),
          ),
        )
        fc.pre(Object.keys(grants).length > 0)
        const caller = await keyWith(setting, workspace.id, grants)
        for (const ca of cas) {
          const own = grants[ca.id]
          for (const action of ['read', 'issue', 'revoke'] as const) {
            const right = ({ read: 'canRead', issue: 'canIssue', revoke: 'canRevoke' } as const)[action]
            const expected = own === undefined ? 'ca_not_found' : own[right] ? 'ok' : 'permission_denied'
            const { allowed, visible } = await authority.explain({ action, caId: ca.id }, caller)
            expect([allowed, visible]).toEqual([expected === 'ok', own !== undefined])
            expect(await codeOf(attempt[action](authority, ca.id, caller))).toBe(expected)
          }
        }
        const listed = (await authority.listCas({}, caller)).map(({ id }) => id)
        for (const id of listed) expect(await codeOf(authority.getCa(id, caller))).toBe('ok')
        expect(listed).not.toContain(foreign.id)
        const { certificates } = await authority.listCertificates({ pageSize: 100 }, caller)
        for (const { id } of certificates)
          expect(await codeOf(authority.getCertificate(id, caller))).toBe('ok')
        const readable = Object.entries(grants).flatMap(([id, r]) => (r.canRead ? [id] : []))
        expect(new Set(listed)).toEqual(new Set(readable))
        expect(new Set(certificates.map(({ caId }) => caId))).toEqual(new Set(readable))
      }),
      { numRuns: 25 },
    )
  })

  it('does not hold for another CA where a store gives a lineage in the wrong order', async () => {
    const { setting, workspace, root, issuing, certificateOf } = await hierarchy()
    const storage = replaceMethods(setting.storage, {
      findCaLineage: async (id) => [...(await setting.storage.findCaLineage(id))].reverse(),
    })
    const caller = await keyWith(setting, workspace.id, { [root.id]: all })
    const { authority } = newSetting({ ...setting, storage })
    expect(await codeOf(authority.plan({ caId: root.id, mode: 'csr', csrPem }, caller))).toBe('ok')
    expect(await codeOf(authority.plan({ caId: issuing.id, mode: 'csr', csrPem }, caller))).toBe(
      'ca_not_found',
    )
    const renew = (ca: { id: string }) =>
      codeOf(authority.renew({ certificateId: certificateOf.get(ca.id) ?? '', csrPem }, caller))
    expect(await renew(root)).toBe('ok')
    expect(await renew(issuing)).toBe('certificate_not_found')
  })

  it('covers certificates by the CA that issued them', async () => {
    const { setting, authority, workspace, root, issuing, certificateOf } = await hierarchy()
    const reader = await keyWith(setting, workspace.id, {
      [issuing.id]: { ...all, canRevoke: false, canIssue: false },
    })
    const id = certificateOf.get(issuing.id) ?? ''
    expect(await codeOf(authority.getCertificate(id, reader))).toBe('ok')
    expect(await codeOf(authority.revoke({ certificateId: id }, reader))).toBe('permission_denied')
    expect(await codeOf(authority.renew({ certificateId: id, csrPem }, reader))).toBe('permission_denied')
    const above = certificateOf.get(root.id) ?? ''
    expect(await codeOf(authority.getCertificate(above, reader))).toBe('certificate_not_found')
  })

  it('does not include what is the operator’s', async () => {
    const { setting, authority, workspace, root, issuing } = await hierarchy()
    const caller = await keyWith(setting, workspace.id, { [root.id]: all, [issuing.id]: all })
    const user = await authority.createUser({ email: 'ada@example.org' }, asHost)
    const attempts = [
      newRootAs(authority, caller),
      authority.createIntermediate({ parentCaId: root.id, name: 'Below' }, caller),
      authority.importCa({ name: 'Imported', certificate: '', privateKey: '' }, caller),
      authority.revokeCa({ caId: issuing.id }, caller),
      authority.createWorkspace({ name: 'Mine' }, caller),
      authority.createUser({ email: 'eve@example.org' }, caller),
      authority.createApiKey(
        { workspaceId: workspace.id, userId: user.id, name: 'k', caIds: [root.id] },
        caller,
      ),
    ]
    for (const denied of attempts) expect(await codeOf(denied)).toBe('permission_denied')
    expect((await authority.getCa(issuing.id, asHost)).revokedAt).toBeUndefined()
  })

  it('does not include OCSP signing, by issuance or by the renewal of what the operator issued', async () => {
    const { setting, authority, workspace, issuing } = await hierarchy()
    const caller = await keyWith(setting, workspace.id, { [issuing.id]: all })
    const request = {
      caId: issuing.id,
      commonName: 'OCSP',
      profile: 'ocspSigning',
      keyAlgorithm: 'Ed25519',
    } as const
    expect(await codeOf(authority.issue(request, caller))).toBe('profile_refused')
    expect(await codeOf(authority.plan(request, caller))).toBe('profile_refused')
    const { certificate } = await authority.issue(request, asHost)
    expect(await codeOf(authority.renew({ certificateId: certificate.id }, caller))).toBe('profile_refused')
    expect(await codeOf(authority.renew({ certificateId: certificate.id }, asHost))).toBe('ok')
  })

  it('ends with its expiry, and a wrong key, an expired one and none at all get one answer', async () => {
    const { setting, authority, workspace, root } = await hierarchy()
    const user = await authority.createUser({ email: 'ada@example.org' }, asHost)
    const expiresAt = new Date(setting.clock.now().getTime() + 1000)
    const request = { workspaceId: workspace.id, userId: user.id, name: 'short', caIds: [root.id], expiresAt }
    const { secret } = await authority.createApiKey(request, asHost)
    expect(await codeOf(authority.authenticate(secret))).toBe('ok')
    setting.clock.forward(1)
    const answers = await Promise.all(
      [secret, `cm_${'A'.repeat(43)}`, '', 'cm_', `${secret}x`].map((credential) =>
        authority.authenticate(credential).catch((error: unknown) => error),
      ),
    )
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(answers[0]).toMatchObject({ code: 'invalid_credentials', context: {} })
  })
})

const newRootAs = (authority: Authority, caller: { principal: Principal }) =>
  authority.createRoot({ name: 'Mine', keyAlgorithm: 'Ed25519' }, caller)

/** The refusal as its holder sees it, with the id left out. */
async function refusalOf(run: (id: string) => Promise<unknown>, id: string): Promise<string> {
  const error: unknown = await run(id).catch((e: unknown) => e)
  if (!isPkiError(error)) throw new Error('expected a refusal')
  return JSON.stringify([error.code, error.message, error.context]).replaceAll(id, 'ID')
}

describe('what is hidden', () => {
  it('looks like what is not there: same code, message and context but for the id', async () => {
    const { setting, authority, workspace, issuing, foreign, root, certificateOf } = await hierarchy()
    const caller = await keyWith(setting, workspace.id, { [issuing.id]: all })
    const onCa: ((id: string) => Promise<unknown>)[] = [
      (id) => authority.getCa(id, caller),
      (id) => authority.chain(id, caller),
      (id) => authority.issue({ caId: id, mode: 'csr', csrPem }, caller),
      (id) => authority.plan({ caId: id, mode: 'csr', csrPem }, caller),
      (id) => authority.publishCrl({ caId: id }, caller),
      (id) => authority.listCertificates({ caId: id }, caller),
    ]
    for (const run of onCa) {
      const absent = await refusalOf(run, absentId)
      expect(await refusalOf(run, foreign.id)).toBe(absent)
      expect(await refusalOf(run, root.id)).toBe(absent)
    }
    const onCertificate: ((id: string) => Promise<unknown>)[] = [
      (id) => authority.getCertificate(id, caller),
      (id) => authority.revoke({ certificateId: id }, caller),
      (id) => authority.renew({ certificateId: id, csrPem }, caller),
    ]
    for (const run of onCertificate) {
      expect(await refusalOf(run, certificateOf.get(foreign.id) ?? '')).toBe(await refusalOf(run, absentId))
    }
    const trace = async (caId: string) => ({
      ...(await authority.explain({ action: 'read', caId }, caller)),
      caId: '',
    })
    expect(await trace(foreign.id)).toEqual(await trace(absentId))
    expect(await trace(root.id)).toEqual(await trace(absentId))
  })
})

describe('a principal that was not made here', () => {
  it.each([
    ['JSON of an operator', JSON.parse(JSON.stringify(asHost.principal))],
    ['a plain object', { kind: 'operator', id: 'tests' }],
    ['nothing', undefined],
    ['null', null],
    ['a text', 'operator'],
  ])('is refused as misuse: %s', async (_, principal) => {
    const { authority } = newSetting()
    const root = await newRoot(authority)
    const caller = { principal } as never
    const attempts = [
      authority.createRoot({ name: 'X' }, caller),
      authority.getCa(root.id, caller),
      authority.listCas({}, caller),
      authority.issue({ caId: root.id, mode: 'csr', csrPem }, caller),
      authority.listCertificates({}, caller),
      authority.getCertificate(absentId, caller),
      authority.revoke({ certificateId: absentId }, caller),
      authority.whoami(caller),
      authority.explain({ action: 'read', caId: root.id }, caller),
    ]
    for (const refused of attempts) await expect(refused).rejects.toBeInstanceOf(TypeError)
  })
})
