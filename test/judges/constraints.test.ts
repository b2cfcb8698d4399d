import { hasCode, type NameLists, type PkiErrorContexts } from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { issueFrom, pathOf, rootAndIssuingCa } from './hierarchy.js'
import { opensslIssues, opensslRoot } from './openssl-ca.js'
import { opensslVerifies } from './verify-path.js'
import { createWorld, type World } from './world.js'

/** The faults of a `path_refused`; of anything else, what it was. */
async function faultsOf(attempt: Promise<unknown>): Promise<unknown> {
  try {
    await attempt
    return 'issued'
  } catch (error) {
    if (!hasCode(error, 'path_refused')) return error
    const { faults }: PkiErrorContexts['path_refused'] = error.context
    return faults.map(({ fault }) => fault)
  }
}

interface Names {
  readonly sanDns?: readonly string[]
  readonly sanIp?: readonly string[]
  readonly sanEmail?: readonly string[]
  readonly sanUri?: readonly string[]
}

/** As openssl writes them in a configuration. */
const opensslNames = ({ sanDns = [], sanIp = [], sanEmail = [], sanUri = [] }: Names): string =>
  [
    ...sanDns.map((name) => `DNS:${name}`),
    ...sanIp.map((name) => `IP:${name}`),
    ...sanEmail.map((name) => `email:${name}`),
    ...sanUri.map((name) => `URI:${name}`),
  ].join(', ')

/** One constraint in our words and in openssl's, a name inside and one outside. */
type Row = readonly [
  sentence: string,
  constraints: { readonly permitted?: NameLists; readonly excluded?: NameLists },
  openssl: string,
  inside: Names,
  outside: Names,
]

const rows: readonly Row[] = [
  [
    'a permitted domain is itself and all below',
    { permitted: { dns: ['example.org'] } },
    'permitted;DNS:example.org',
    { sanDns: ['example.org', 'a.b.example.org'] },
    { sanDns: ['badexample.org'] },
  ],
  [
    'one name outside spoils those inside',
    { permitted: { dns: ['example.org'] } },
    'permitted;DNS:example.org',
    { sanDns: ['a.example.org'] },
    { sanDns: ['a.example.org', 'example.com'] },
  ],
  [
    'an excluded domain goes before a permitted one',
    { permitted: { dns: ['example.org'] }, excluded: { dns: ['secret.example.org'] } },
    'permitted;DNS:example.org, excluded;DNS:secret.example.org',
    { sanDns: ['public.example.org'] },
    { sanDns: ['a.secret.example.org'] },
  ],
  [
    'a constraint on addresses says nothing of domains',
    { permitted: { ip: ['192.0.2.0/24'] } },
    'permitted;IP:192.0.2.0/255.255.255.0',
    { sanDns: ['example.com'], sanIp: ['192.0.2.255'] },
    { sanIp: ['192.0.3.0'] },
  ],
  [
    'a range of IPv6',
    { permitted: { ip: ['2001:db8::/32'] } },
    'permitted;IP:2001:db8::/ffff:ffff::',
    { sanIp: ['2001:db8:ffff::1'] },
    { sanIp: ['2001:db9::1'] },
  ],
  [
    'mailboxes of one host',
    { permitted: { email: ['example.org'] } },
    'permitted;email:example.org',
    { sanEmail: ['alice@example.org'] },
    { sanEmail: ['alice@mail.example.org'] },
  ],
  [
    'mailboxes of all hosts below a domain',
    { permitted: { email: ['.example.org'] } },
    'permitted;email:.example.org',
    { sanEmail: ['alice@mail.example.org'] },
    { sanEmail: ['alice@example.org'] },
  ],
  [
    'an excluded mailbox',
    { excluded: { email: ['alice@example.org'] } },
    'excluded;email:alice@example.org',
    { sanEmail: ['bob@example.org'] },
    { sanEmail: ['alice@example.org'] },
  ],
  [
    'URIs of one host',
    { permitted: { uri: ['example.org'] } },
    'permitted;URI:example.org',
    { sanUri: ['https://example.org/a'] },
    { sanUri: ['https://www.example.org/a'] },
  ],
  [
    'URIs of all hosts below a domain',
    { permitted: { uri: ['.example.org'] } },
    'permitted;URI:.example.org',
    { sanUri: ['https://www.example.org/a'] },
    { sanUri: ['https://example.org/a'] },
  ],
]

describe('name constraints: what we issue openssl accepts, what we refuse it refuses (RFC 5280 §4.2.1.10)', () => {
  it.for(rows)('%s: our own CA', async ([, nameConstraints, , inside, outside]) => {
    const world = createWorld()
    const { issuingCa } = await rootAndIssuingCa(world, { issuingCa: { nameConstraints } })
    const { certificate } = await issueFrom(issuingCa, world, { commonName: 'device 7', ...inside })
    expect(await opensslVerifies(pathOf(certificate, world))).toMatchObject({ accepted: true })
    const refused = issueFrom(issuingCa, world, { commonName: 'device 7', ...outside })
    expect(await faultsOf(refused)).toEqual([expect.stringMatching(/^name_/)])
  })

  it.for(rows)('%s: a CA of openssl', async ([, , constraints, inside, outside]) => {
    const world = createWorld()
    const made = await opensslRoot('ECDSA-P256', `nameConstraints = critical, ${constraints}`)
    const ca = await imported(made, world)
    const { certificate } = await issueFrom(ca, world, { commonName: 'device 7', ...inside })
    expect(await opensslVerifies(pathOf(certificate, world))).toMatchObject({ accepted: true })

    const refused = issueFrom(ca, world, { commonName: 'device 7', ...outside })
    expect(await faultsOf(refused)).toEqual([expect.stringMatching(/^name_/)])
    const extensions = `subjectAltName = ${opensslNames(outside)}`
    const { certificateDer } = await opensslIssues(made, 'ECDSA-P256', { commonName: 'device 7', extensions })
    const asked = { certificateDer, chainDer: [made.certificateDer], at: world.now }
    expect(await opensslVerifies(asked)).toEqual({
      accepted: false,
      text: expect.stringMatching(/(permitted|excluded) subtree violation/),
    })
  })

  it('constraints of the root bind what stands two CAs below', async () => {
    const world = createWorld()
    const { issuingCa } = await rootAndIssuingCa(world, {
      root: { nameConstraints: { permitted: { dns: ['example.org'] } } },
    })
    const { certificate } = await issueFrom(issuingCa, world)
    expect(await opensslVerifies(pathOf(certificate, world))).toMatchObject({ accepted: true })
    const refused = issueFrom(issuingCa, world, { commonName: 'www.example.com' })
    expect(await faultsOf(refused)).toEqual([expect.stringMatching(/^name_/)])
  })
})

describe('path length (RFC 5280 §4.2.1.9)', () => {
  it('a root with 1 has an intermediate, and openssl accepts the leaf; a CA below is refused', async () => {
    const world = createWorld()
    const { authority, caller } = world
    const { issuingCa } = await rootAndIssuingCa(world, { root: { pathLength: 1 } })
    const { certificate } = await issueFrom(issuingCa, world)
    expect(await opensslVerifies(pathOf(certificate, world))).toMatchObject({ accepted: true })
    const below = authority.createIntermediate({ parentCaId: issuingCa.id, name: 'Too deep' }, caller)
    expect(await faultsOf(below)).toEqual([expect.stringMatching(/path_?length/i)])
  })

  it('four CAs deep without a limit', async () => {
    const world = createWorld()
    const { authority, caller } = world
    let { issuingCa } = await rootAndIssuingCa(world)
    for (const name of ['Second', 'Third']) {
      issuingCa = await authority.createIntermediate({ parentCaId: issuingCa.id, name }, caller)
    }
    const { certificate } = await issueFrom(issuingCa, world)
    expect(world.chainOf(issuingCa.id)).toHaveLength(4)
    expect(await opensslVerifies(pathOf(certificate, world))).toMatchObject({ accepted: true })
  })

  it('a CA that may issue for e-mail alone issues for nothing else', async () => {
    const world = createWorld()
    const { issuingCa } = await rootAndIssuingCa(world, {
      issuingCa: { extendedKeyUsage: ['emailProtection'] },
    })
    const request = { commonName: 'Alice', sanEmail: ['alice@example.org'], profile: 'emailProtection' }
    const { certificate } = await issueFrom(issuingCa, world, request)
    const asked = { ...pathOf(certificate, world), purpose: 'smimesign' } as const
    expect(await opensslVerifies(asked)).toMatchObject({ accepted: true })
    expect(await faultsOf(issueFrom(issuingCa, world, { profile: 'serverAuth' }))).toEqual([
      expect.stringMatching(/purpose|key_?usage/i),
    ])
  })
})

const imported = (
  { certificatePem, keyPem }: { certificatePem: string; keyPem: string },
  { authority, caller }: World,
) => authority.importCa({ name: 'Imported', certificate: certificatePem, privateKey: keyPem }, caller)
