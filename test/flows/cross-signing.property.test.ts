import {
  type Authority,
  basicConstraints,
  type CaCertificateInfo,
  createAuthority,
  extendedKeyUsage,
  findExtension,
  isPkiError,
  keyPurposes,
  parseCertificate,
} from '@certwright/core'
import { verifyCertificate } from '@certwright/core/path'
import { recordCalls } from '@certwright/testing'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { opensslVerifies } from '../judges/verify-path.js'
import { asHost, day, type MovableClock, newCsr, newRoot, newSetting } from './setting.js'

/*
 * Small hierarchies with cross-signs, constraints, revocations and time that passes. Whatever is issued is valid for both
 * judges on every path that is live; whatever is refused spends no serial number.
 */

const rarely = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })

const domain = fc.constantFrom('example.org', 'example.com')
const limits = fc.record({
  pathLength: rarely(fc.nat(2)),
  permitted: rarely(domain),
  excluded: rarely(domain),
  purpose: rarely(fc.constantFrom('serverAuth', 'clientAuth')),
  validityDays: rarely(fc.constantFrom(5, 20)),
})
type Limits = typeof limits extends fc.Arbitrary<infer T> ? T : never

const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('intermediate' as const), below: fc.nat(9), limits }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('crossSign' as const), ca: fc.nat(9), by: fc.nat(9), limits }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reissue' as const), ca: fc.nat(9) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('revoke' as const), ca: fc.nat(9), which: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.constantFrom(1, 6) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('issue' as const),
      ca: fc.nat(9),
      host: fc.constantFrom('db.example.org', 'db.example.com'),
      profile: fc.constantFrom('serverAuth', 'clientAuth'),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** A wish of a CA's, with what is absent left out. */
const wishOf = ({ pathLength, permitted, excluded, purpose, validityDays }: Limits) => ({
  ...(pathLength !== undefined && { pathLength }),
  ...(validityDays !== undefined && { validityDays }),
  ...(purpose !== undefined && { extendedKeyUsage: [purpose] }),
  ...((permitted ?? excluded) !== undefined && {
    nameConstraints: {
      ...(permitted !== undefined && { permitted: { dns: [permitted] } }),
      ...(excluded !== undefined && { excluded: { dns: [excluded] } }),
    },
  }),
})

interface World {
  readonly authority: Authority
  readonly clock: MovableClock
  readonly caIds: string[]
  readonly calls: string[]
}

async function newWorld(): Promise<World> {
  const { storage, custody, clock } = newSetting()
  const { calls, ports } = recordCalls({ storage, custody })
  const authority = createAuthority({ ...ports, clock })
  const caIds: string[] = []
  for (const name of ['Root A', 'Root B', 'Root C']) caIds.push((await newRoot(authority, { name })).id)
  return { authority, clock, caIds, calls }
}

/** Every path of live certificates up to a root, told from what the authority shows of its CAs. */
async function livePaths(
  { authority, clock }: World,
  caId: string,
  below: readonly string[] = [],
): Promise<CaCertificateInfo[][]> {
  const now = clock.now()
  const paths: CaCertificateInfo[][] = []
  for (const one of await authority.certificatesOfCa(caId, asHost)) {
    const { issuerCaId, notBefore, notAfter, revokedAt } = one
    if (revokedAt !== undefined || notBefore > now || notAfter < now) continue
    if (issuerCaId === caId) paths.push([one])
    else if (issuerCaId !== undefined && !below.includes(issuerCaId)) {
      const above = await livePaths({ authority, clock } as World, issuerCaId, [...below, caId])
      paths.push(...above.map((path) => [one, ...path]))
    }
  }
  return paths
}

/** A path that no certificate can be valid on: too long by itself, or with purposes that exclude each other. */
function isDead(path: readonly CaCertificateInfo[]): boolean {
  const extensions = path.map(({ certificateDer }) => parseCertificate(certificateDer).extensions)
  const isTooLong = extensions.some((list, i) => {
    const limit = findExtension(list, basicConstraints)?.pathLength
    return limit !== undefined && i > limit
  })
  const purposes = [keyPurposes.serverAuth, keyPurposes.clientAuth]
  const common = purposes.filter((oid) =>
    extensions.every((list) => findExtension(list, extendedKeyUsage)?.includes(oid) ?? true),
  )
  return isTooLong || common.length === 0
}

/** Nobody goes over a CA to come to it. */
function isCircle(certificateDer: Uint8Array, path: readonly CaCertificateInfo[]): boolean {
  const { spkiDer } = parseCertificate(certificateDer)
  return path.some((ca) => Buffer.compare(parseCertificate(ca.certificateDer).spkiDer, spkiDer) === 0)
}

async function expectValid(
  world: World,
  certificateDer: Uint8Array,
  path: readonly CaCertificateInfo[],
  purpose: 'serverAuth' | 'clientAuth' | undefined,
): Promise<void> {
  const chainDer = path.map((ca) => ca.certificateDer)
  const at = world.clock.now()
  const asked = purpose && ({ serverAuth: 'sslserver', clientAuth: 'sslclient' } as const)[purpose]
  const theirs = await opensslVerifies({ certificateDer, chainDer, at, ...(asked && { purpose: asked }) })
  const ours = await verifyCertificate({
    certificate: certificateDer,
    intermediates: chainDer.slice(0, -1),
    trustAnchors: chainDer.slice(-1),
    at,
    purpose: purpose ?? 'any',
  })
  expect({ ours: ours.ok, theirs: theirs.accepted, text: theirs.accepted || theirs.text }).toEqual({
    ours: true,
    theirs: true,
    text: true,
  })
}

const counts = { issued: 0, paths: 0, refused: 0 }

async function run(world: World, wish: Step, index: number): Promise<void> {
  const { authority, clock, caIds } = world
  const pick = (nth: number) => caIds[nth % caIds.length] as string
  if (wish.do === 'wait') return clock.forward(wish.days * day)
  if (wish.do === 'revoke') {
    const ofCa = await authority.certificatesOfCa(pick(wish.ca), asHost)
    const certificateId = ofCa[wish.which]?.certificateId
    if (certificateId !== undefined && ofCa[wish.which]?.revokedAt === undefined)
      await authority.revoke({ certificateId }, asHost)
    return
  }
  if (wish.do === 'reissue') {
    await authority.reissueCa({ caId: pick(wish.ca) }, asHost)
    return
  }
  const issuerCaId = pick(wish.do === 'issue' ? wish.ca : wish.do === 'crossSign' ? wish.by : wish.below)
  const paths = await livePaths(world, issuerCaId)
  let certificateDer: Uint8Array
  if (wish.do === 'intermediate') {
    const request = { parentCaId: issuerCaId, name: `CA ${index}`, keyAlgorithm: 'Ed25519' as const }
    const made = await authority.createIntermediate({ ...request, ...wishOf(wish.limits) }, asHost)
    caIds.push(made.id)
    certificateDer = made.certificateDer
  } else if (wish.do === 'crossSign') {
    const request = { caId: pick(wish.ca), issuerCaId, ...wishOf(wish.limits) }
    certificateDer = (await authority.crossSign(request, asHost)).certificateDer
  } else {
    const csrPem = await newCsr({ commonName: wish.host })
    const request = { caId: issuerCaId, mode: 'csr', csrPem, profile: wish.profile } as const
    certificateDer = (await authority.issue(request, asHost)).certificate.certificateDer
  }
  counts.issued++
  for (const path of paths) {
    if (isDead(path) || isCircle(certificateDer, path)) continue
    counts.paths++
    await expectValid(world, certificateDer, path, wish.do === 'issue' ? wish.profile : undefined)
  }
}

const refusals = ['path_refused', 'validity_refused', 'invalid_request', 'ca_expired']

it('whatever is issued is valid on every live path, and what is refused spends no serial number', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const world = await newWorld()
      for (const [i, wish] of steps.entries()) {
        const seen = world.calls.length
        try {
          await run(world, wish, i)
        } catch (error) {
          if (!isPkiError(error) || !refusals.includes(error.code)) throw error
          counts.refused++
          expect(world.calls.slice(seen)).not.toContain('tx.insertReservations')
        }
      }
    }),
    { numRuns: 60 },
  )
  // A world in which nothing is issued, or all paths are alike, would say nothing.
  expect(counts.paths).toBeGreaterThan(counts.issued)
  expect(counts.refused).toBeGreaterThan(20)
}, 120_000)
