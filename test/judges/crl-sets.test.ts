import {
  authorityKeyIdentifier,
  type Certificate,
  type CertificateRevocationList,
  cRLDistributionPoints,
  cRLNumber,
  createName,
  deltaCRLIndicator,
  type Extension,
  freshestCRL,
  issuingDistributionPoint,
  keyUsage,
  pemEncode,
  subjectKeyIdentifier,
} from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { createExtension } from '../../packages/core/src/x509/extension.js'
import { verifyCertificate } from '../../packages/core/src/path.js'
import {
  caOf,
  certificateOf,
  crlOf,
  days,
  leafOf,
  newKey,
  noon,
  type TestCa,
} from '../../packages/core/src/rules/path/test-certificates.js'
import { askOpenssl, attime } from './openssl.js'
import { certificatesPem } from './verify-path.js'

/*
 * CRLs in every form of RFC 5280, to us and to `openssl verify`: complete, delta, partitioned by kind, by reason and by
 * distribution point, indirect, and signed with another key.
 */

const root = caOf('Root')
const ca = caOf('CA', { issuer: root, extensions: [identifier(1)] })
const ofRoot = crlOf({ issuer: root, extensions: [crlNumber(1)] })
const uri = 'http://pki.example/part-1.crl'
const part = { type: 'fullName', names: [{ type: 'uri', value: uri }] } as const
const otherPart = { type: 'fullName', names: [{ type: 'uri', value: 'http://pki.example/2.crl' }] } as const
const someReasons = ['keyCompromise', 'caCompromise'] as const
const otherReasons = [
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
] as const

/** By which OpenSSL tells the keys of one CA apart. */
function identifier(octet: number): Extension {
  return createExtension(subjectKeyIdentifier, Uint8Array.of(octet), { critical: false })
}

function crlNumber(value: number): Extension {
  return createExtension(cRLNumber, BigInt(value), { critical: false })
}

type Scope = Parameters<typeof issuingDistributionPoint.encode>[0]

function scope(value: Partial<Scope>): Extension {
  const nothing = {
    onlyContainsUserCerts: false,
    onlyContainsCACerts: false,
    onlyContainsAttributeCerts: false,
    indirectCRL: false,
  }
  return createExtension(issuingDistributionPoint, { ...nothing, ...value }, { critical: true })
}

const pointing = (...points: Parameters<typeof cRLDistributionPoints.encode>[0]): Extension =>
  createExtension(cRLDistributionPoints, points, { critical: false })
const deltasAt = createExtension(freshestCRL, [{ distributionPoint: part }], { critical: false })
const basedOn = (value: number): Extension =>
  createExtension(deltaCRLIndicator, BigInt(value), { critical: true })
const directoryName = (commonName: string) =>
  [{ type: 'directoryName', name: createName({ commonName }) }] as const

function signerOf(name: string, issuer: TestCa): TestCa {
  const key = newKey()
  const extensions = [createExtension(keyUsage, ['cRLSign'], { critical: true }), identifier(2)]
  return { name, key, certificate: certificateOf({ name, key, issuer, extensions }) }
}

const plain = leafOf(ca)
const pointed = leafOf(ca, { extensions: [pointing({ distributionPoint: part })] })
const refreshed = leafOf(ca, { extensions: [deltasAt] })
const lister = signerOf('Lister', root)
const listed = leafOf(ca, { extensions: [pointing({ crlIssuer: directoryName('Lister') })] })
const second = signerOf('CA', root)
const bySecond = {
  by: second,
  extensions: [
    createExtension(authorityKeyIdentifier, { keyIdentifier: Uint8Array.of(2) }, { critical: false }),
  ],
}

type Reason = 'keyCompromise' | 'certificateHold' | 'removeFromCRL'

function listOf(
  certificate: Certificate | undefined,
  change: {
    readonly by?: TestCa
    readonly number?: number
    readonly extensions?: readonly Extension[]
    readonly reason?: Reason
    readonly issuerOfEntry?: string
    readonly isStale?: boolean
  } = {},
): CertificateRevocationList {
  const { by = ca, number = 1, extensions = [], reason, issuerOfEntry, isStale } = change
  const entry = certificate && {
    serialNumber: certificate.serialNumber,
    revocationDate: days(-9),
    reason,
    ...(issuerOfEntry && { certificateIssuer: directoryName(issuerOfEntry) }),
  }
  return crlOf({
    issuer: by,
    extensions: [crlNumber(number), ...extensions],
    entries: entry ? [entry] : [],
    thisUpdate: days(number - 10),
    ...(isStale && { nextUpdate: days(-0.5) }),
  })
}

const indirect = { by: lister, extensions: [scope({ indirectCRL: true })] }
const inPart = { extensions: [scope({ distributionPoint: part })] }
const some = { extensions: [scope({ onlySomeReasons: someReasons })] }
const others = { extensions: [scope({ onlySomeReasons: otherReasons })] }
const delta = { number: 2, extensions: [basedOn(1)] }

type Verdict = 'good' | 'revoked' | 'unknown'

interface CrlSet {
  readonly certificate: Certificate
  readonly known?: readonly TestCa[]
  readonly crls: readonly CertificateRevocationList[]
  readonly verdict: Verdict
}

const sets: Readonly<Record<string, CrlSet>> = {
  'a complete list without the certificate': {
    certificate: plain,
    crls: [listOf(undefined)],
    verdict: 'good',
  },
  'a complete list with it': { certificate: plain, crls: [listOf(plain)], verdict: 'revoked' },
  'no list': { certificate: plain, crls: [], verdict: 'unknown' },
  'a list that is out of date': {
    certificate: plain,
    crls: [listOf(undefined, { isStale: true })],
    verdict: 'unknown',
  },
  'a list of CAs for an end entity': {
    certificate: plain,
    crls: [listOf(undefined, { extensions: [scope({ onlyContainsCACerts: true })] })],
    verdict: 'unknown',
  },
  'a list of end entities with it': {
    certificate: plain,
    crls: [listOf(plain, { extensions: [scope({ onlyContainsUserCerts: true })] })],
    verdict: 'revoked',
  },
  'the list of its distribution point': {
    certificate: pointed,
    crls: [listOf(undefined, inPart)],
    verdict: 'good',
  },
  'the list of its distribution point with it': {
    certificate: pointed,
    crls: [listOf(pointed, inPart)],
    verdict: 'revoked',
  },
  'the list of another distribution point': {
    certificate: pointed,
    crls: [listOf(undefined, { extensions: [scope({ distributionPoint: otherPart })] })],
    verdict: 'unknown',
  },
  'lists that cover all reasons together': {
    certificate: plain,
    crls: [listOf(undefined, some), listOf(undefined, others)],
    verdict: 'good',
  },
  'lists that cover all reasons together, with it in the second': {
    certificate: plain,
    crls: [listOf(undefined, some), listOf(plain, { ...others, reason: 'certificateHold' })],
    verdict: 'revoked',
  },
  'a list of some reasons': { certificate: plain, crls: [listOf(undefined, some)], verdict: 'unknown' },
  'a delta that adds it': {
    certificate: refreshed,
    crls: [listOf(undefined), listOf(refreshed, { ...delta, reason: 'keyCompromise' })],
    verdict: 'revoked',
  },
  'a delta that does not add it': {
    certificate: refreshed,
    crls: [listOf(undefined), listOf(undefined, delta)],
    verdict: 'good',
  },
  'a delta that takes it off': {
    certificate: refreshed,
    crls: [
      listOf(refreshed, { reason: 'certificateHold' }),
      listOf(refreshed, { ...delta, reason: 'removeFromCRL' }),
    ],
    verdict: 'good',
  },
  'a delta of a later list': {
    certificate: refreshed,
    crls: [
      listOf(refreshed, { reason: 'certificateHold' }),
      listOf(refreshed, { number: 9, extensions: [basedOn(8)], reason: 'removeFromCRL' }),
    ],
    verdict: 'revoked',
  },
  'a delta alone': { certificate: refreshed, crls: [listOf(undefined, delta)], verdict: 'unknown' },
  'a list out of date that a delta keeps up to date': {
    certificate: refreshed,
    crls: [listOf(undefined, { isStale: true }), listOf(undefined, delta)],
    verdict: 'good',
  },
  'an indirect list of the issuer that is named': {
    certificate: listed,
    known: [lister],
    crls: [listOf(undefined, indirect)],
    verdict: 'good',
  },
  'an indirect list with it': {
    certificate: listed,
    known: [lister],
    crls: [listOf(listed, { ...indirect, issuerOfEntry: 'CA' })],
    verdict: 'revoked',
  },
  'an indirect list with a certificate of another CA of the same serial number': {
    certificate: listed,
    known: [lister],
    crls: [listOf(listed, { ...indirect, issuerOfEntry: 'Other CA' })],
    verdict: 'good',
  },
  'a list of the named issuer that is not indirect': {
    certificate: listed,
    known: [lister],
    crls: [listOf(undefined, { by: lister })],
    verdict: 'unknown',
  },
  'a list signed with another key of the CA': {
    certificate: plain,
    known: [second],
    crls: [listOf(undefined, bySecond)],
    verdict: 'good',
  },
  'a list signed with another key, with it': {
    certificate: plain,
    known: [second],
    crls: [listOf(plain, bySecond)],
    verdict: 'revoked',
  },
  'a list signed with a key without a certificate': {
    certificate: plain,
    crls: [listOf(undefined, bySecond)],
    verdict: 'unknown',
  },
}

async function ours({ certificate, known = [], crls }: CrlSet): Promise<Verdict> {
  const verdict = await verifyCertificate({
    certificate,
    intermediates: [ca, ...known].map((one) => one.certificate),
    trustAnchors: [root.certificate],
    crls: [ofRoot, ...crls],
    at: noon,
    purpose: 'any',
  })
  if (verdict.ok) return 'good'
  return verdict.faults[0]?.fault === 'revoked' ? 'revoked' : 'unknown'
}

const pem = (all: readonly TestCa[]): string => certificatesPem(all.map((one) => one.certificate.der))

async function opensslSays({ certificate, known = [], crls }: CrlSet): Promise<Verdict> {
  const args = ['verify', ...attime(noon), '-no-CApath', '-no-CAstore']
  const files = ['-CAfile', 'root.pem', '-untrusted', 'between.pem', '-CRLfile', 'crls.pem']
  const { accepted, text } = await askOpenssl(
    [...args, ...files, '-crl_check_all', '-extended_crl', '-use_deltas', 'certificate.pem'],
    {
      'root.pem': pem([root]),
      'between.pem': pem([ca, ...known]),
      'certificate.pem': certificatesPem([certificate.der]),
      'crls.pem': [ofRoot, ...crls].map(({ der }) => pemEncode('X509 CRL', der)).join(''),
    },
  )
  if (accepted) return 'good'
  return text.includes('certificate revoked') ? 'revoked' : 'unknown'
}

describe('we and openssl verify -crl_check_all -extended_crl -use_deltas, of', () => {
  it.for(Object.entries(sets))('%s', async ([, set]) => {
    expect(await ours(set)).toBe(set.verdict)
    expect(await opensslSays(set)).toBe(set.verdict)
  })
})
