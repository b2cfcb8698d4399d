import type { CreateApiKeyRequest } from '@certwright/core'
import * as fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { csr } from './csr.js'
import { absentId, type CallOptions, createPki, type Pki } from './setup.js'

/*
 * What a credential may not see does not exist for it. An answer about it and one about nothing have the same status, body
 * and headers, and cost the same: as many questions to the store, of the same kinds and in the same order, for a store that
 * is asked once more would tell by its time.
 */

let pki: Pki
/** Of the store, since they were last taken. */
let asked: string[] = []
/** A certificate of each CA, by CA. */
const certificates = new Map<string, string>()
/** A grant of another user, and a client that is another's. */
let foreignGrant: string
let foreignClient: string
let userId: string

beforeAll(async () => {
  pki = await createPki({}, ({ name, when }) => void (when === 'before' && asked.push(name)))
  const { authority, operator, cas } = pki
  userId = (await authority.createUser({ email: 'ada@example.org' }, operator)).id
  for (const caId of [cas.root, cas.issuing, cas.shortLived, cas.foreign]) {
    const { certificate } = await authority.issue({ caId, mode: 'csr', csrPem: csr() }, operator)
    certificates.set(caId, certificate.id)
  }
  const other = (await authority.createUser({ email: 'bob@example.org' }, operator)).id
  const { workspaceId } = cas
  await authority.addMember({ workspaceId, userId: other, rights: 'all' }, operator)
  const wish = { workspaceId, userId: other, name: 'Theirs', redirectUris: ['https://client.example/cb'] }
  foreignClient = (await authority.createOAuthClient(wish, operator)).client.id
  const rights = { [cas.root]: { canRead: true, canIssue: true, canRevoke: true } }
  foreignGrant = (
    await authority.grantAccess({ clientId: foreignClient, workspaceId, userId: other, rights }, operator)
  ).id
})

interface Ask {
  readonly method: 'GET' | 'POST'
  readonly path: (id: string) => string
  readonly options?: (id: string) => CallOptions
}

const withKey = { 'idempotency-key': 'one' }
const body = (change: object) => (): CallOptions => ({ body: change })

const aboutCas: readonly Ask[] = [
  { method: 'GET', path: (id) => `/v1/cas/${id}` },
  { method: 'GET', path: (id) => `/v1/cas/${id}/chain` },
  { method: 'GET', path: (id) => `/v1/certificates?caId=${id}` },
  {
    method: 'POST',
    path: () => '/v1/certificates',
    options: (caId) => ({ body: { caId, commonName: 'a.example' } }),
  },
  {
    method: 'POST',
    path: () => '/v1/certificates',
    options: (caId) => ({ body: { caId, mode: 'csr', csrPem: csr() }, headers: withKey }),
  },
]

/** Whoever may read a CA sees who its parent is: this one tells nothing only of those with no such CA below them. */
const aboutChildren: Ask = { method: 'GET', path: (id) => `/v1/cas?parentCaId=${id}` }

const aboutCertificates: readonly Ask[] = [
  { method: 'GET', path: (id) => `/v1/certificates/${id}` },
  { method: 'POST', path: (id) => `/v1/certificates/${id}/revoke`, options: body({ reason: 'superseded' }) },
  { method: 'POST', path: (id) => `/v1/certificates/${id}/release` },
  { method: 'POST', path: (id) => `/v1/certificates/${id}/renew`, options: body({}) },
  {
    method: 'POST',
    path: (id) => `/v1/certificates/${id}/renew`,
    options: () => ({ body: { csrPem: csr() }, headers: withKey }),
  },
]

const aboutGrants: readonly Ask[] = [{ method: 'POST', path: (id) => `/v1/oauth/grants/${id}/revoke` }]
const aboutClients: readonly Ask[] = [{ method: 'POST', path: (id) => `/v1/oauth/clients/${id}/delete` }]

/** Everything that whoever asks can see of an answer, with the id put aside. */
async function seen({ method, path, options }: Ask, id: string, key: string) {
  asked = []
  const answer = await pki.call(method, path(id), { ...options?.(id), key })
  const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id')
  return {
    status: answer.status,
    headers,
    text: answer.text.replaceAll(id, absentId),
    asked,
  }
}

/** One that was used already: the use of a key is written down once a minute, whatever it asks for. */
async function usedKey(wish: object): Promise<string> {
  const { secret } = await pki.authority.createApiKey(wish as CreateApiKeyRequest, pki.operator)
  await pki.call('GET', '/v1/whoami', { key: secret })
  return secret
}

const rights = fc.record({ canRead: fc.boolean(), canIssue: fc.boolean(), canRevoke: fc.boolean() })
const mayNothing = (right: object): boolean => !Object.values(right).includes(true)

it('an answer about what a key may not see is one about nothing, whatever else it may do', async () => {
  const { cas } = pki
  await fc.assert(
    fc.asyncProperty(rights, rights, rights, async (onRoot, onIssuing, onShortLived) => {
      const given = Object.entries({
        [cas.root]: onRoot,
        [cas.issuing]: onIssuing,
        [cas.shortLived]: onShortLived,
      })
      const grants = Object.fromEntries(given.filter(([, right]) => !mayNothing(right)))
      fc.pre(Object.keys(grants).length > 0)
      const wish = { workspaceId: cas.workspaceId, userId, name: 'key', grants }
      const secret = await usedKey(wish)
      const hidden = [...given.flatMap(([caId, right]) => (mayNothing(right) ? [caId] : [])), cas.foreign]
      for (const caId of hidden) {
        const readsBelow = caId === cas.root && (onIssuing.canRead || onShortLived.canRead)
        for (const ask of readsBelow ? aboutCas : [...aboutCas, aboutChildren]) {
          expect([ask.path(absentId), await seen(ask, caId, secret)]).toEqual([
            ask.path(absentId),
            await seen(ask, absentId, secret),
          ])
        }
        for (const ask of aboutCertificates) {
          const id = certificates.get(caId) as string
          expect([ask.path(absentId), await seen(ask, id, secret)]).toEqual([
            ask.path(absentId),
            await seen(ask, absentId, secret),
          ])
        }
      }
    }),
    { numRuns: 12 },
  )
})

it('nor is there a grant or a client of another user', async () => {
  const { cas } = pki
  const wish = { workspaceId: cas.workspaceId, userId, name: 'key', caIds: [cas.root] }
  const secret = await usedKey(wish)
  for (const ask of aboutGrants) {
    expect(await seen(ask, foreignGrant, secret)).toEqual(await seen(ask, absentId, secret))
  }
  for (const ask of aboutClients) {
    expect(await seen(ask, foreignClient, secret)).toEqual(await seen(ask, absentId, secret))
  }
})

it('and the comparison sees what is there: an answer about a CA that may be read is another one', async () => {
  const { cas, keys } = pki
  const [ask] = aboutCas as [Ask]
  const absent = await seen(ask, absentId, keys.readOnly.secret)
  const known = await seen(ask, cas.issuing, keys.readOnly.secret)
  expect([known.status, absent.status]).toEqual([200, 404])
  expect(known.text).not.toBe(absent.text)
  expect(absent.asked).toContain('findCa')
})
