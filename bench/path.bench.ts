import { createPublicKey, verify, X509Certificate } from 'node:crypto'
import { createAuthority, operator, parseCertificate } from '@certwright/core'
import { createSignatureMemory, verifyCertificate } from '@certwright/core/path'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { measure, print } from './measure.js'
import { pkijsPath } from './peers/pkijs.js'

/*
 * Validations per second of a chain as TLS servers send it, P-256: end entity, intermediate, trusted root; the name that
 * was asked for among them. The limit is what node:crypto needs for its two signatures: two keys imported, two
 * signatures verified. Every end entity is another, as in life.
 *
 * "By hand" is what people write with node:crypto: X509Certificate, its verify(), dates and checkHost. It checks no path
 * length, no name constraints, no policies and no extensions.
 */

const count = 1000
const rounds = 7
const warmUps = 8
const portion = 0.05

const at = new Date()
const { leaves, intermediate, root } = await makeChain(500)

const parsed = new Map(leaves.map((der) => [der, parseCertificate(der)]))
const [parsedIntermediate, parsedRoot] = [parseCertificate(intermediate), parseCertificate(root)]

const limit = forEachLeaf('node:crypto alone (two keys, two signatures)', (der) => {
  const leaf = parsed.get(der) ?? parseCertificate(der)
  for (const [{ tbsDer, signature }, { spkiDer }] of [
    [leaf, parsedIntermediate],
    [parsedIntermediate, parsedRoot],
  ] as const) {
    const key = createPublicKey({ key: Buffer.from(spkiDer), format: 'der', type: 'spki' })
    if (!verify('sha256', tbsDer, { key, dsaEncoding: 'der' }, signature))
      throw new Error('a signature is wrong')
  }
})

const request = { intermediates: [intermediate], trustAnchors: [root], at } as const
const identity = { type: 'dns', value: 'api.example.org' } as const

async function expectValid(certificate: Uint8Array, memory?: ReturnType<typeof createSignatureMemory>) {
  const options = memory === undefined ? {} : { signatures: memory }
  const verdict = await verifyCertificate({ ...request, certificate, identity }, options)
  if (!verdict.ok) throw new Error(verdict.faults[0]?.message)
}

const memory = createSignatureMemory()
const cold = { ...forEachLeaf('validate, cold', (der) => expectValid(der)), limit: limit.name }
const warm = {
  ...forEachLeaf('validate, the intermediate verified before', (der) => expectValid(der, memory)),
  limit: limit.name,
}

const byHand = forEachLeaf('node:crypto by hand', (der) => {
  const [leaf, ca, anchor] = [der, intermediate, root].map((one) => new X509Certificate(one))
  if (leaf === undefined || ca === undefined || anchor === undefined) throw new Error('no chain')
  const isValid =
    leaf.verify(ca.publicKey) &&
    ca.verify(anchor.publicKey) &&
    leaf.checkIssued(ca) &&
    ca.checkIssued(anchor) &&
    ca.ca &&
    Date.parse(leaf.validTo) > at.getTime() &&
    Date.parse(ca.validTo) > at.getTime() &&
    leaf.checkHost('api.example.org') !== undefined
  if (!isValid) throw new Error('node:crypto refuses the chain')
})

const validate = pkijsPath({ intermediate, root, at })
const pkijs = { ...forEachLeaf('PKI.js 4', validate), portion }

const peers = [byHand.name, pkijs.name]
print(
  await measure('path', [limit, { ...cold, peers }, { ...warm, peers }, byHand, pkijs], {
    rounds,
    warmUps,
    count,
  }),
)

function forEachLeaf(name: string, once: (der: Uint8Array<ArrayBuffer>) => unknown) {
  return {
    name,
    async run(n: number): Promise<void> {
      for (let i = 0; i < n; i++) await once(leaves[i % leaves.length] as Uint8Array<ArrayBuffer>)
    },
  }
}

async function makeChain(length: number) {
  const authority = createAuthority({ storage: memoryStorage(), custody: memoryCustody() })
  const me = { principal: operator('bench') }
  const { id: rootId } = await authority.createRoot({ name: 'Bench Root' }, me)
  const { id: caId } = await authority.createIntermediate(
    { name: 'Bench CA', parentCaId: rootId, pathLength: 0 },
    me,
  )
  const requests = Array.from({ length }, () => ({ caId, commonName: 'api.example.org' }))
  const issued = await authority.issueMany(requests, me)
  return {
    leaves: issued.map(({ certificate }) => copy(certificate.certificateDer)),
    intermediate: copy(await authority.caCertificate(caId)),
    root: copy(await authority.caCertificate(rootId)),
  }
}

function copy(der: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(der)
}
