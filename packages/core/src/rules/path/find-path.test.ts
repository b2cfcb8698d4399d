import { describe, expect, it } from 'vitest'
import { keyAlgorithms } from '../../crypto/key-algorithms.js'
import { encodePublicKey } from '../../crypto/public-key.js'
import type { Certificate } from '../../x509/certificate.js'
import { createExtension } from '../../x509/extension.js'
import { authorityKeyIdentifier } from '../../x509/extensions/authority-key-identifier.js'
import { nameConstraints } from '../../x509/extensions/name-constraints.js'
import { subjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js'
import { formatName } from '../../x509/name.js'
import { findPath, type LastCheck, type PathSearch } from './find-path.js'
import type { PathSettings } from './path-settings.js'
import { createSignatureMemory, type SignatureMemory } from './signature-memory.js'
import {
  caOf,
  certificateOf,
  days,
  decide,
  leafOf,
  newKey,
  plainSettings,
  type TestCa,
} from './test-certificates.js'
import { validationFault } from './validation-fault.js'

interface Given {
  readonly anchors?: readonly TestCa[]
  readonly below?: readonly TestCa[]
  readonly settings?: Partial<PathSettings>
  readonly lastCheck?: LastCheck
  readonly signatures?: SignatureMemory
  /** What every signature is answered with; absent: whether it verifies. */
  readonly answer?: boolean
}

/** The search, and whose signatures it has asked for. */
function search(endEntity: Certificate, { anchors = [], below = [], ...given }: Given) {
  const input = {
    endEntity,
    anchors: anchors.map(({ certificate }) => certificate),
    intermediates: below.map(({ certificate }) => certificate),
    signatures: given.signatures,
  }
  const decision = findPath(input, { ...plainSettings, ...given.settings }, given.lastCheck)
  const { value, asked } = decide(decision, () => given.answer)
  return {
    found: value,
    asked: asked.map((one) => (one.ask === 'signature' ? nameOf(one.signed as Certificate) : one.ask)),
  }
}

const nameOf = ({ subject }: Certificate): string => formatName(subject).slice(3)
const told = (found: PathSearch) =>
  found.ok ? [] : found.tried.map(({ path, fault }) => `${path.map(nameOf).join(' < ')}: ${fault.fault}`)
const pathOf = (found: PathSearch) => (found.ok ? found.path.map(nameOf) : told(found))

const root = caOf('Root')
const issuing = caOf('Issuing', { issuer: root })
const leaf = leafOf(issuing, { host: 'leaf' })

describe('a path', () => {
  it('is built and verified on the way up: one signature for each certificate below the anchor', () => {
    const { found, asked } = search(leaf, { anchors: [root], below: [issuing] })
    expect(pathOf(found)).toEqual(['leaf', 'Issuing', 'Root'])
    expect(asked).toEqual(['leaf', 'Issuing'])
  })

  it('ends at the first anchor', () => {
    const { found } = search(leaf, { anchors: [issuing, root], below: [issuing] })
    expect(pathOf(found)).toEqual(['leaf', 'Issuing'])
  })

  it('has the policies that are left at its end', () => {
    const { found } = search(leaf, { anchors: [root], below: [issuing] })
    expect(found).toMatchObject({ ok: true, policies: [] })
  })

  it('that is wanted for more is asked for it once it is complete, and another one is looked for', () => {
    const twin = caOf('Issuing', { issuer: root, key: issuing.key, notAfter: days(100) })
    const seen: string[][] = []
    // oxlint-disable-next-line eslint/require-yield -- it has nothing to ask
    const lastCheck: LastCheck = function* (path) {
      seen.push(path.map(({ serialNumber }) => serialNumber))
      return path[1] === twin.certificate
        ? undefined
        : validationFault('revoked', { certificate: path[1], depth: 1 }, 'is revoked')
    }
    const { found } = search(leaf, { anchors: [root], below: [twin, issuing], lastCheck })
    expect(found.ok && found.path[1]).toBe(twin.certificate)
    const [a, b, c] = [leaf, issuing.certificate, root.certificate].map(({ serialNumber }) => serialNumber)
    expect(seen).toEqual([
      [a, b, c],
      [a, twin.certificate.serialNumber, c],
    ])
    const none = search(leaf, { anchors: [root], below: [issuing], lastCheck })
    expect(told(none.found)).toEqual(['leaf < Issuing < Root: revoked'])
  })
})

describe('an end entity', () => {
  it('that is wrong itself costs no signature', () => {
    const late = leafOf(issuing, { host: 'late', notAfter: days(-0.1) })
    const { found, asked } = search(late, { anchors: [root], below: [issuing] })
    expect([told(found), asked]).toEqual([['late: expired'], []])
  })

  it.each([
    [false, ['Root'], []],
    [true, ['Root'], []],
    ['self-signed', ['Root'], ['Root']],
  ] as const)('that is an anchor, where that may be %s', (asEndEntity, path, signatures) => {
    const settings = { anchor: { ...plainSettings.anchor, asEndEntity } }
    const { found, asked } = search(root.certificate, { anchors: [root], settings })
    expect(asked).toEqual(signatures)
    // By itself it is a loop: there is a path only where none is needed.
    if (asEndEntity === false) expect(told(found)).toEqual([])
    else expect([pathOf(found), found.ok && found.policies]).toEqual([path, []])
  })

  it('that is an anchor and not signed by itself needs a path where only the self-signed are taken', () => {
    const settings = { anchor: { ...plainSettings.anchor, asEndEntity: 'self-signed' as const } }
    expect(pathOf(search(issuing.certificate, { anchors: [issuing, root], settings }).found)).toEqual([
      'Issuing',
      'Root',
    ])
    expect(search(issuing.certificate, { anchors: [issuing], settings }).found.ok).toBe(false)
  })

  it('that has the name of an anchor and other bytes is not trusted for it', () => {
    const settings = { anchor: { ...plainSettings.anchor, asEndEntity: true } }
    const another = caOf('Root')
    expect(search(another.certificate, { anchors: [root], settings }).found.ok).toBe(false)
  })
})

describe('what is told where there is no path', () => {
  it('is who ends it: the certificate whose issuer is not there', () => {
    expect(told(search(leaf, { anchors: [root] }).found)).toEqual(['leaf: unknown_issuer'])
    const { found } = search(leaf, { anchors: [caOf('Another')], below: [issuing] })
    expect(told(found)).toEqual(['leaf < Issuing: unknown_issuer'])
    expect(!found.ok && found.tried[0]?.fault).toMatchObject({
      depth: 1,
      message: '"CN=Issuing" leads to no trust anchor',
    })
  })

  it('is the signature that does not verify, of whom and how far up', () => {
    const forger = caOf('Issuing', { issuer: root })
    const forged = leafOf({ ...forger, certificate: issuing.certificate }, { host: 'forged' })
    const { found } = search(forged, { anchors: [root], below: [issuing] })
    expect(told(found)).toEqual(['forged < Issuing: signature_invalid'])
    expect(!found.ok && found.tried[0]?.fault).toMatchObject({ depth: 0, subject: 'CN=forged' })
    const stranger = caOf('Root')
    const above = search(leaf, { anchors: [stranger], below: [issuing] }).found
    expect(told(above)).toEqual([
      'leaf < Issuing < Root: signature_invalid',
      'leaf < Issuing: unknown_issuer',
    ])
    expect(!above.ok && above.tried[0]?.fault).toMatchObject({ depth: 1, subject: 'CN=Issuing' })
  })

  it('is a fault at the place where it is on this path', () => {
    const old = caOf('Old', { issuer: root, notAfter: days(-0.1) })
    const below = caOf('Below', { issuer: old })
    const { found } = search(leafOf(below, { host: 'leaf' }), { anchors: [root], below: [old, below] })
    expect(told(found)).toEqual(['leaf < Below < Old: expired', 'leaf < Below: unknown_issuer'])
    expect(!found.ok && found.tried[0]?.fault).toMatchObject({ depth: 2, subject: 'CN=Old' })
  })

  it('is at most 64 paths', () => {
    const crowd = Array.from({ length: 70 }, () => caOf('Issuing', { issuer: root, notAfter: days(-0.1) }))
    const { found, asked } = search(leaf, { anchors: [root], below: crowd })
    expect([told(found).length, asked.length]).toEqual([64, 0])
  })
})

describe('a signature', () => {
  it('is not verified for an issuer that cannot be one', () => {
    const old = caOf('Issuing', { issuer: root, key: issuing.key, notAfter: days(-0.1) })
    const { found, asked } = search(leaf, { anchors: [root], below: [old, issuing] })
    expect([pathOf(found), asked]).toEqual([
      ['leaf', 'Issuing', 'Root'],
      ['leaf', 'Issuing'],
    ])
  })

  it('is verified once by each key in a search, also where several certificates have the key', () => {
    const twins = [10, 20, 30].map((count) =>
      caOf('Issuing', { issuer: root, key: issuing.key, notAfter: days(count) }),
    )
    // oxlint-disable-next-line eslint/require-yield -- it has nothing to ask
    const lastCheck: LastCheck = function* (path) {
      return path[1] === twins[0]?.certificate
        ? undefined
        : validationFault('revoked', { certificate: path[1], depth: 1 }, 'is revoked')
    }
    const { found, asked } = search(leaf, { anchors: [root], below: twins, lastCheck })
    expect(found.ok).toBe(true)
    expect(asked.filter((one) => one === 'Issuing')).toHaveLength(3)
    // Keys are told apart by the certificate that they were read from.
    expect(asked.filter((one) => one === 'leaf')).toHaveLength(3)
  })

  it('on an intermediate is remembered for the next search, and that on an end entity is not', () => {
    const signatures = createSignatureMemory()
    const given = { anchors: [root], below: [issuing], signatures }
    expect(search(leaf, given).asked).toEqual(['leaf', 'Issuing'])
    expect(search(leaf, given).asked).toEqual(['leaf'])
    expect(search(issuing.certificate, given).asked).toEqual(['Issuing'])
  })

  it('by a key that cannot be read is none', () => {
    const spkiDer = encodePublicKey(keyAlgorithms.Ed25519.identifierDer, new Uint8Array(31))
    const broken: TestCa = { ...root, certificate: { ...root.certificate, spkiDer } }
    const { found, asked } = search(issuing.certificate, { anchors: [broken] })
    expect([told(found), asked]).toEqual([['Issuing < Root: weak_key'], []])
  })
})

describe('a loop', () => {
  const [key, other] = [newKey(), newKey()]

  it('is a CA that comes twice: the same key under the same name', () => {
    const one = caOf('One', { key, issuer: { name: 'Two', key: other, certificate: root.certificate } })
    const two = caOf('Two', { key: other, issuer: one })
    const { found, asked } = search(leafOf(one, { host: 'leaf' }), { anchors: [root], below: [one, two] })
    expect(told(found)).toEqual(['leaf < One: unknown_issuer'])
    expect(asked).toEqual(['leaf', 'One'])
  })

  it('is not a CA that has certified its next key (RFC 5280 §3.2, self-issued)', () => {
    const old = caOf('CA', { key, issuer: root })
    const next = caOf('CA', { key: other, issuer: old })
    const { found } = search(leafOf(next, { host: 'leaf' }), { anchors: [root], below: [old, next] })
    expect(pathOf(found)).toEqual(['leaf', 'CA', 'CA', 'Root'])
  })
})

/** Two CAs of one name. */
const level = (name: string, issuer: TestCa): TestCa[] => [caOf(name, { issuer }), caOf(name, { issuer })]

describe('a dead end', () => {
  it('is left before anything is verified twice: twins at each of four levels that lead nowhere', () => {
    const nowhere: TestCa = { ...caOf('Nowhere'), name: 'Nowhere' }
    const [four, three, two, one] = [nowhere, nowhere, nowhere, nowhere].map((issuer, i) => {
      const above = { ...issuer, name: i === 0 ? 'Nowhere' : `Level ${i}` }
      return level(`Level ${i + 1}`, above)
    })
    const below = [...(one ?? []), ...(two ?? []), ...(three ?? []), ...(four ?? [])]
    const end = leafOf({ ...(one?.[0] as TestCa) }, { host: 'leaf' })
    const { found, asked } = search(end, { anchors: [root], below })
    expect(found.ok).toBe(false)
    // Each certificate is verified by at most the two keys above it.
    expect(asked.length).toBeLessThanOrEqual(2 * (1 + below.length))
  })

  it('that was found once is known for the paths after it', () => {
    const lost = caOf('Lost', { issuer: caOf('Nowhere') })
    const [a, b] = [
      caOf('Issuing', { issuer: lost, key: issuing.key }),
      caOf('Issuing', { issuer: lost, key: issuing.key }),
    ]
    const { found, asked } = search(leaf, { anchors: [root], below: [a, b, lost] })
    expect(found.ok).toBe(false)
    // Of the leaf by both, and of both by the CA that leads nowhere; the second asks nothing above it again.
    expect(asked.filter((one) => one === 'Issuing')).toHaveLength(1)
  })

  it('beside a way out does not hide it', () => {
    const lost = caOf('Cross', { issuer: caOf('Nowhere'), key: newKey() })
    const way = caOf('Cross', { issuer: root, key: lost.key, notAfter: days(50) })
    const mid = caOf('Mid', { issuer: lost })
    const { found } = search(leafOf(mid, { host: 'leaf' }), { anchors: [root], below: [lost, way, mid] })
    expect(pathOf(found)).toEqual(['leaf', 'Mid', 'Cross', 'Root'])
    expect(found.ok && found.path[2]).toBe(way.certificate)
  })
})

const excluding = (host: string) =>
  createExtension(
    nameConstraints,
    { permitted: [], excluded: [{ base: { type: 'dns' as const, value: host }, minimum: 0 }] },
    { critical: true },
  )

describe('constraints of an anchor', () => {
  const strict = caOf('Strict', { extensions: [excluding('leaf')] })
  const below = leafOf(strict, { host: 'leaf' })

  it('bind where they count, and those of an intermediate always do', () => {
    const anchor = { ...plainSettings.anchor, constraints: true }
    expect(search(below, { anchors: [strict] }).found.ok).toBe(true)
    expect(told(search(below, { anchors: [strict], settings: { anchor } }).found)).toEqual([
      'leaf < Strict: name_excluded',
    ])
    const mid = caOf('Mid', { issuer: root, extensions: [excluding('leaf')] })
    expect(told(search(leafOf(mid, { host: 'leaf' }), { anchors: [root], below: [mid] }).found)).toEqual([
      'leaf < Mid: name_excluded',
    ])
  })
})

describe('key identifiers', () => {
  const wanted = createExtension(
    authorityKeyIdentifier,
    { keyIdentifier: Uint8Array.of(1) },
    { critical: false },
  )
  const other = createExtension(subjectKeyIdentifier, Uint8Array.of(2), { critical: false })
  const ca = caOf('CA', { issuer: root, extensions: [other] })
  const end = leafOf(ca, { host: 'leaf', extensions: [wanted] })

  it('are a hint, or must match where that is asked for', () => {
    expect(search(end, { anchors: [root], below: [ca] }).found.ok).toBe(true)
    const { found, asked } = search(end, {
      anchors: [root],
      below: [ca],
      settings: { matchKeyIdentifiers: true },
    })
    expect([told(found), asked]).toEqual([['leaf < CA: rule_broken'], []])
    expect(!found.ok && found.tried[0]?.fault).toMatchObject({
      clause: 'RFC 5280 §4.2.1.1',
      depth: 1,
      subject: 'CN=CA',
    })
  })
})

const rule = (certificate: Certificate) =>
  nameOf(certificate).startsWith('Root')
    ? { state: 'is not liked', clause: 'X', unlessSelfSigned: true }
    : undefined

describe('a rule that does not bind the self-signed', () => {
  it('binds an anchor unless its own key has signed it, whatever it names as its issuer', () => {
    const settings = { rules: [rule] }
    expect(search(issuing.certificate, { anchors: [root], settings }).found.ok).toBe(true)
    const signedByAnother = certificateOf({
      name: 'Root',
      key: root.key,
      issuer: { name: 'X', key: newKey() },
    })
    const anchor = { ...root, certificate: signedByAnother }
    expect(told(search(issuing.certificate, { anchors: [anchor], settings }).found)).toEqual([
      'Issuing < Root: rule_broken',
    ])
  })
})

const crowdOf = (size: number) => Array.from({ length: size }, () => caOf('Issuing', { issuer: root }))

describe('the budget', () => {
  it('is 500 signatures, and the verdict says that there was more', () => {
    const crowd = crowdOf(520)
    const stranger = leafOf({ ...issuing, key: newKey() }, { host: 'leaf' })
    const answer = false
    const { found, asked } = search(stranger, { anchors: [root], below: crowd, answer })
    expect(asked).toHaveLength(500)
    expect(told(found)).toContain('leaf: budget_exhausted')
    const fewer = search(stranger, { anchors: [root], below: crowd.slice(0, 500), answer })
    expect(fewer.asked).toHaveLength(500)
    expect(told(fewer.found)).not.toContain('leaf: budget_exhausted')
  }, 60_000)
})
