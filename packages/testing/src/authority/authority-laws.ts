import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import {
  type Principal,
  type Authority,
  hasCode,
  operator,
  parseCertificate,
  type PkiErrorCode,
} from '@certwright/core'
import { checkCrl, verifyCertificate } from '@certwright/core/path'

/** One promise of an authority, as a sentence and as a check. */
export interface AuthorityLaw {
  readonly group: string
  readonly name: string
  /** Makes a root and an issuing CA of its own. Rejects where the law does not hold. */
  run(): Promise<void>
}

const me = { principal: operator('authority laws') }

/** Two CAs of an authority that a law has for itself. */
interface Cas {
  readonly rootPem: string
  readonly issuingPem: string
  readonly caId: string
}

type Check = (authority: Authority, cas: Cas) => Promise<void>

const laws: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  'a certificate that is issued': {
    async 'is valid for the name that was asked for, and for no other'(authority, cas) {
      const pem = await issue(authority, cas, 'db.example.org')
      assert.equal(await isValid(cas, pem, 'db.example.org'), true)
      assert.equal(await isValid(cas, pem, 'other.example.org'), false)
    },
    async 'has a serial number that no other has'(authority, { caId }) {
      const asked = Array.from({ length: 20 }, (_, i) => ({ caId, commonName: `host${i}.example.org` }))
      const issued = await Promise.all(asked.map((request) => authority.issue(request, me)))
      const serials = issued.map(({ certificate }) => certificate.serialNumber)
      assert.equal(new Set(serials).size, serials.length)
    },
    async 'can be found again, as it was given out'(authority, { caId }) {
      const { certificate } = await authority.issue({ caId, commonName: 'db.example.org' }, me)
      const found = await authority.getCertificate(certificate.id, me)
      assert.equal(found.certificatePem, certificate.certificatePem)
    },
    async 'comes with a private key that is kept nowhere'(authority, { caId }) {
      const { certificate, privateKeyPem } = await authority.issue({ caId, commonName: 'db.example.org' }, me)
      const kept = JSON.stringify(await authority.getCertificate(certificate.id, me))
      assert.ok(privateKeyPem?.includes('PRIVATE KEY'))
      assert.ok(!kept.includes('PRIVATE KEY'))
    },
    async 'is what was planned'(authority, { caId }) {
      const request = { caId, commonName: 'db.example.org' }
      const before = await authority.listCertificates({ caId }, me)
      await authority.plan(request, me)
      const after = await authority.listCertificates({ caId }, me)
      assert.equal(after.total, before.total, 'a plan has issued something')
    },
  },
  'a certificate that is renewed': {
    async 'has its names and another serial number, and both are valid'(authority, cas) {
      const { caId } = cas
      const { certificate } = await authority.issue({ caId, commonName: 'db.example.org' }, me)
      const renewed = await authority.renew({ certificateId: certificate.id }, me)
      assert.notEqual(renewed.certificate.serialNumber, certificate.serialNumber)
      assert.equal(await isValid(cas, renewed.certificate.certificatePem, 'db.example.org'), true)
      assert.equal(await isValid(cas, certificate.certificatePem, 'db.example.org'), true)
    },
  },
  'a certificate that is revoked': {
    async 'is on the list, and others are not'(authority, cas) {
      const { caId, issuingPem } = cas
      const [one, other] = [await issued(authority, caId), await issued(authority, caId)]
      await authority.revoke({ certificateId: one.id, reason: 'keyCompromise' }, me)
      const { der, thisUpdate: at } = await authority.publishCrl({ caId }, me)
      const statuses = [one, other].map(async ({ certificatePem }) =>
        checkCrl({ crl: der, certificate: certificatePem, issuer: issuingPem, at }),
      )
      assert.deepEqual(
        (await Promise.all(statuses)).map(({ kind }) => kind),
        ['revoked', 'good'],
      )
    },
    async 'is revoked once'(authority, { caId }) {
      const { id: certificateId } = await issued(authority, caId)
      await authority.revoke({ certificateId, reason: 'superseded' }, me)
      const again = authority.revoke({ certificateId, reason: 'keyCompromise' }, me)
      await refusal(again, 'already_revoked')
    },
  },
  'whoever may not': {
    async 'gets nothing, and is not told whether there is something'(authority, { caId }) {
      const them = { principal: await createStranger(authority) }
      const { id } = await issued(authority, caId)
      await refusal(authority.issue({ caId, commonName: 'db.example.org' }, them), 'ca_not_found')
      await refusal(authority.getCertificate(id, them), 'certificate_not_found')
      await refusal(authority.revoke({ certificateId: id }, them), 'certificate_not_found')
      const seen = await authority.listCas({}, them)
      assert.ok(!seen.some((ca) => ca.id === caId), 'the CA is in their list')
    },
  },
}

/** Somebody with rights on another CA only; the store may know those of earlier runs. */
async function createStranger(authority: Authority): Promise<Principal> {
  const name = `stranger-${randomUUID()}`
  const workspace = await authority.createWorkspace({ name, slug: name }, me)
  const user = await authority.createUser({ email: `${name}@example.org` }, me)
  const { id: caId } = await authority.createRoot({ name, workspaceId: workspace.id }, me)
  const request = { workspaceId: workspace.id, userId: user.id, name, caIds: [caId] }
  const { secret } = await authority.createApiKey(request, me)
  return authority.authenticate(secret)
}

/**
 * What an authority promises over any storage and custody: for whoever has written one of these, and for an authority of
 * one's own making. Each law makes a root and an issuing CA, and leaves them.
 */
export const authorityLaws = (authority: Authority): readonly AuthorityLaw[] =>
  Object.entries(laws).flatMap(([group, checks]) =>
    Object.entries(checks).map(([name, check]) => ({
      group,
      name,
      run: async () => check(authority, await createCas(authority)),
    })),
  )

async function createCas(authority: Authority): Promise<Cas> {
  // A name belongs to one CA.
  const name = `Law ${randomUUID()}`
  const root = await authority.createRoot({ name: `${name} Root` }, me)
  const issuing = await authority.createIntermediate({ name: `${name} CA`, parentCaId: root.id }, me)
  return { caId: issuing.id, rootPem: root.certificatePem, issuingPem: issuing.certificatePem }
}

const issued = async (authority: Authority, caId: string) =>
  (await authority.issue({ caId, commonName: 'db.example.org' }, me)).certificate

const issue = async (authority: Authority, { caId }: Cas, commonName: string): Promise<string> =>
  (await authority.issue({ caId, commonName }, me)).certificate.certificatePem

/** In the first second of its validity: the authority's own clock is not known. */
async function isValid({ rootPem, issuingPem }: Cas, pem: string, host: string): Promise<boolean> {
  const verdict = await verifyCertificate({
    certificate: pem,
    intermediates: [issuingPem],
    trustAnchors: [rootPem],
    at: parseCertificate(pem).notBefore,
    identity: { type: 'dns', value: host },
  })
  return verdict.ok
}

async function refusal(attempt: Promise<unknown>, code: PkiErrorCode): Promise<void> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(hasCode(error, code), `expected ${code}, got ${String(error)}`)
}
