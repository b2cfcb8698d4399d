import {
  type Authority,
  parseCertificate,
  type Principal,
  type ProfileDefinition,
  type Rights,
} from '@certwright/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AccessSetting,
  accessSetting,
  all,
  callerOf,
  codeOf,
  readOnly,
  tokenFor,
} from './access-setting.js'
import { asHost, newCsr, newRoot, sha256Hex } from './setting.js'

/* What must be true of every credential, whatever it was given: generated, for keys and for tokens alike. */

const absentId = '01900000-0000-7000-8000-000000000000'
const csrPem = await newCsr({ commonName: 'db.example.org' })
const rights = fc.record({ canRead: fc.boolean(), canIssue: fc.boolean(), canRevoke: fc.boolean() })
const none: Rights = { canRead: false, canIssue: false, canRevoke: false }

interface World extends AccessSetting {
  /** root → issuing, and a CA of another workspace. */
  readonly caIds: readonly string[]
  /** A certificate of each CA, by CA. */
  readonly certificates: ReadonlyMap<string, string>
}

async function world(): Promise<World> {
  const setting = await accessSetting()
  const { authority, rootId, issuingId } = setting
  const other = await authority.createWorkspace({ name: 'Theirs', plan: 'pro' }, asHost)
  const foreign = await newRoot(authority, { workspaceId: other.id, name: 'Foreign' })
  const caIds = [rootId, issuingId, foreign.id]
  const certificates = new Map<string, string>()
  for (const caId of caIds) {
    const { certificate } = await authority.issue({ caId, mode: 'csr', csrPem }, asHost)
    certificates.set(caId, certificate.id)
  }
  return { ...setting, caIds, certificates }
}

type Caller = { readonly principal: Principal }

/** A new credential of a new user, with these rights; `undefined` where there are none at all. */
async function credential(
  { authority, storage, workspaceId, clientId }: World,
  kind: 'key' | 'token',
  granted: Readonly<Record<string, Rights>>,
  member: 'all' | Readonly<Record<string, Rights>> = 'all',
): Promise<{ readonly caller: Caller; readonly userId: string; readonly secret: string } | undefined> {
  const given = Object.fromEntries(Object.entries(granted).filter(([, r]) => Object.values(r).includes(true)))
  if (Object.keys(given).length === 0) return undefined
  const { id: userId } = await authority.createUser({ email: `${nextName()}@example.org` }, asHost)
  await authority.addMember({ workspaceId, userId, rights: 'all' }, asHost)
  const secret =
    kind === 'key'
      ? (await authority.createApiKey({ workspaceId, userId, name: 'key', grants: given }, asHost)).secret
      : await tokenFor(
          storage,
          (await authority.grantAccess({ clientId, workspaceId, userId, rights: given }, asHost)).id,
        )
  if (member !== 'all') await authority.changeMemberRights({ workspaceId, userId, rights: member }, asHost)
  return { caller: await callerOf(authority, secret), userId, secret }
}

let names = 0
const nextName = (): string => `user${names++}`

const attempts: Readonly<
  Record<keyof Rights, (a: Authority, caId: string, caller: Caller) => Promise<unknown>>
> = {
  canRead: (authority, caId, caller) => authority.getCa(caId, caller),
  canIssue: (authority, caId, caller) => authority.plan({ caId, mode: 'csr', csrPem }, caller),
  canRevoke: (authority, caId, caller) => authority.publishCrl({ caId }, caller),
}

async function mayDo(w: World, caId: string, caller: Caller): Promise<Rights> {
  const may = async (right: keyof Rights) =>
    (await codeOf(attempts[right](w.authority, caId, caller))) === 'ok'
  return { canRead: await may('canRead'), canIssue: await may('canIssue'), canRevoke: await may('canRevoke') }
}

const both = (a: Rights = none, b: Rights = none): Rights => ({
  canRead: a.canRead && b.canRead,
  canIssue: a.canIssue && b.canIssue,
  canRevoke: a.canRevoke && b.canRevoke,
})

describe.each(['key', 'token'] as const)('a %s', (kind) => {
  it('may do on each CA what was granted and the member may do now, and no right widens down the tree', async () => {
    const w = await world()
    const { rootId, issuingId } = w
    await fc.assert(
      fc.asyncProperty(rights, rights, rights, rights, async (onRoot, onIssuing, ofRoot, ofIssuing) => {
        const granted = { [rootId]: onRoot, [issuingId]: onIssuing }
        const member = { [rootId]: ofRoot, [issuingId]: ofIssuing }
        const held = await credential(w, kind, granted, member)
        fc.pre(held !== undefined)
        for (const caId of w.caIds) {
          expect(await mayDo(w, caId, held.caller)).toEqual(both(granted[caId], member[caId]))
        }
      }),
      { numRuns: 15 },
    )
  })

  it('lists only what it may read: CAs and certificates', async () => {
    const w = await world()
    const { authority, rootId, issuingId } = w
    await fc.assert(
      fc.asyncProperty(rights, rights, async (onRoot, onIssuing) => {
        const held = await credential(w, kind, { [rootId]: onRoot, [issuingId]: onIssuing })
        fc.pre(held !== undefined)
        const cas = await authority.listCas({}, held.caller)
        const { certificates } = await authority.listCertificates({}, held.caller)
        const readable = [onRoot.canRead && rootId, onIssuing.canRead && issuingId].filter(
          (id) => id !== false,
        )
        expect(cas.map(({ id }) => id).sort()).toEqual([...readable].sort())
        expect(new Set(certificates.map(({ caId }) => caId))).toEqual(new Set(readable))
        for (const { id } of cas) expect(await codeOf(authority.getCa(id, held.caller))).toBe('ok')
        for (const { id } of certificates) {
          expect(await codeOf(authority.getCertificate(id, held.caller))).toBe('ok')
        }
      }),
      { numRuns: 15 },
    )
  })

  it('is answered as if there were nothing, of what it may not see', async () => {
    const w = await world()
    const { authority, rootId, issuingId, caIds, certificates } = w
    const held = await credential(w, kind, { [rootId]: all })
    const caller = held?.caller as Caller
    const onCas = [
      (id: string) => authority.getCa(id, caller),
      (id: string) => authority.chain(id, caller),
      (id: string) => authority.certificatesOfCa(id, caller),
      (caId: string) => authority.plan({ caId, mode: 'csr', csrPem }, caller),
      (caId: string) => authority.issue({ caId, mode: 'csr', csrPem }, caller),
      (caId: string) => authority.listCertificates({ caId }, caller),
      (caId: string) => authority.publishCrl({ caId }, caller),
    ]
    const onCertificates = [
      (id: string) => authority.getCertificate(id, caller),
      (certificateId: string) => authority.revoke({ certificateId }, caller),
      (certificateId: string) => authority.renew({ certificateId, csrPem }, caller),
    ]
    for (const caId of caIds.filter((id) => id !== rootId)) {
      for (const ask of onCas) expect(await refusalOf(ask, caId)).toBe(await refusalOf(ask, absentId))
      const certificateId = certificates.get(caId) as string
      for (const ask of onCertificates) {
        expect(await refusalOf(ask, certificateId)).toBe(await refusalOf(ask, absentId))
      }
    }
    expect(await codeOf(authority.explain({ action: 'read', caId: issuingId }, caller))).toBe('ok')
  })

  it('reaches nothing of another CA by the key, the renewals or the duplicates of its own certificates', async () => {
    const w = await world()
    const { authority, rootId, issuingId } = w
    const held = await credential(w, kind, { [issuingId]: all })
    const caller = held?.caller as Caller
    const own = await authority.issue({ caId: issuingId, mode: 'csr', csrPem }, caller)
    const renewed = await authority.renew({ certificateId: own.certificate.id, csrPem }, caller)
    // The very same subject and key, of a CA that the caller may not see.
    const twin = await authority.issue({ caId: rootId, mode: 'csr', csrPem }, asHost)
    const { spkiDer } = parseCertificate(own.certificate.certificateDer)
    const reached: string[] = []
    for (const root of [{ certificateId: own.certificate.id }, { spkiHash: sha256Hex(spkiDer) }]) {
      for await (const page of authority.lineage(root, caller)) {
        for (const { id, caId } of page) {
          expect(caId).toBe(issuingId)
          reached.push(id)
        }
      }
    }
    expect(reached).toContain(renewed.certificate.id)
    expect(reached).not.toContain(twin.certificate.id)
    expect(await codeOf(authority.revoke({ certificateId: twin.certificate.id }, caller))).toBe(
      'certificate_not_found',
    )
    expect(renewed.certificate.caId).toBe(issuingId)
  })
})

describe('what others were told of', () => {
  it('GHSA-4h97-p9wq-chqj: reading a certificate never gives its private key away, whatever the right', async () => {
    const w = await world()
    const { authority, issuingId } = w
    const { certificate } = await authority.issue(
      { caId: issuingId, commonName: 'db.example.org', keyAlgorithm: 'Ed25519' },
      asHost,
    )
    const reader = (await credential(w, 'key', { [issuingId]: readOnly }))?.caller as Caller
    const shown = [
      await authority.getCertificate(certificate.id, reader),
      await authority.getCertificate(certificate.id, asHost),
      await authority.listCertificates({}, reader),
      await authority.getCa(issuingId, asHost),
    ]
    expect(JSON.stringify(shown)).not.toMatch(/PRIVATE KEY|privateKey|keyId/)
  })

  it('GHSA-cfh6-pv5c-38jv: a renewal takes over nothing of a CA on which one may not issue', async () => {
    const w = await world()
    const { authority, rootId, issuingId, certificates } = w
    const caller = (await credential(w, 'key', { [issuingId]: all, [rootId]: readOnly }))?.caller as Caller
    const certificateId = certificates.get(rootId) as string
    expect(await codeOf(authority.renew({ certificateId, csrPem }, caller))).toBe('permission_denied')
    const claim = { caId: issuingId, mode: 'csr', csrPem, renewedFrom: certificateId }
    expect(await codeOf(authority.issue(claim as never, caller))).toBe('invalid_request')
  })

  it('GHSA-g7p5-89mh-248h: no key and no token makes a CA, below whatever it may issue from', async () => {
    const w = await world()
    const { authority, rootId } = w
    for (const kind of ['key', 'token'] as const) {
      const caller = (await credential(w, kind, { [rootId]: all }))?.caller as Caller
      const wish = { parentCaId: rootId, name: 'Mine', keyAlgorithm: 'Ed25519' } as const
      expect(await codeOf(authority.createIntermediate(wish, caller))).toBe('permission_denied')
      expect(await codeOf(authority.createRoot({ name: 'Mine' }, caller))).toBe('permission_denied')
    }
  })

  it('GHSA-pxmc-2ffp-8j67: a duplicate of a certificate gives no right to revoke the original', async () => {
    const w = await world()
    const { authority, rootId, issuingId, certificates } = w
    const caller = (await credential(w, 'token', { [issuingId]: all }))?.caller as Caller
    await authority.issue({ caId: issuingId, mode: 'csr', csrPem }, caller)
    const original = certificates.get(rootId) as string
    expect(await codeOf(authority.revoke({ certificateId: original }, caller))).toBe('certificate_not_found')
    expect((await authority.getCertificate(original, asHost)).revokedAt).toBeUndefined()
  })

  it('GHSA-g892-p242-8g86: an address in a CSR meets the rules for addresses, as one in the request does', async () => {
    const { authority, issuingId: caId } = await accessSetting({ profiles: { internal } })
    const issue = async (...ip: readonly number[]) => {
      const csrPem = await newCsr({ ip: [Uint8Array.from(ip)] })
      return codeOf(authority.issue({ caId, mode: 'csr', csrPem, profile: 'internal' }, asHost))
    }
    expect(await issue(10, 1, 2, 3)).toBe('ok')
    expect(await issue(192, 0, 2, 1)).toBe('name_refused')
    const asked = { caId, commonName: 'x', sanIp: ['192.0.2.1'], profile: 'internal' }
    expect(await codeOf(authority.issue(asked, asHost))).toBe('name_refused')
  })

  it('GHSA-59w7-v8rr-pr4p: a name that is asked for is never a pattern: its wildcards match no more than they say', async () => {
    const { authority, issuingId: caId } = await accessSetting({ profiles: { internal } })
    const issue = (name: string) =>
      codeOf(
        authority.issue(
          { caId, commonName: name, sanDns: [name], profile: 'internal', keyAlgorithm: 'Ed25519' },
          asHost,
        ),
      )
    expect(await issue('db.ada.example.org')).toBe('ok')
    expect(await issue('*.ada.example.org')).toBe('ok')
    for (const name of ['*', '*.example.org', '*.*.example.org', 'a*.ada.example.org', '*ada.example.org']) {
      expect([name, await issue(name)]).not.toEqual([name, 'ok'])
    }
  })
})

const internal: ProfileDefinition = {
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: ['serverAuth'],
  nameKinds: ['dns', 'ip'],
  wildcards: true,
  nameRules: { permit: { dns: ['*.ada.example.org'], ip: ['10.0.0.0/8'] } },
}

/** A refusal as its asker sees it, with the id that was asked for put aside. */
async function refusalOf(run: (id: string) => Promise<unknown>, id: string): Promise<string> {
  const error: unknown = await run(id).catch((e: unknown) => e)
  const { code, message, context } = error as { code: string; message: string; context: object }
  return JSON.stringify({ code, message, context }).replaceAll(id, absentId)
}
