import { basicConstraints, extendedKeyUsage, keyPurposes, keyUsage } from '@certwright/core'
import { encode, objectIdentifier, octetString, sequence } from '@certwright/core/der'
import { append, flipBit } from '../../../forge/alter-octets.js'
import { extension, rawExtension } from '../../../forge/fields/extension-spec.js'
import { daysFrom, forgeTime } from '../../../forge/fields/time-spec.js'
import { forgeKey } from '../../../forge/keys/forge-key.js'
import type { CaPlan, EndEntityPlan } from '../chain-plan.js'
import type { CaPlace, ChainDefect } from './chain-defect.js'

/* What is wrong with one certificate, wherever it stands; each in the end entity and in a CA. */

const second = 1 / 86_400
const unknownExtension = rawExtension('1.3.6.1.4.1.99999.5.1', Uint8Array.of(0x05, 0x00), true)
const otherKey = forgeKey('a key that signs nothing of this chain')

type Either = Pick<
  CaPlan & EndEntityPlan,
  'extensions' | 'notBefore' | 'notAfter' | 'alterDer' | 'alterSignature' | 'alterTbs'
>
/** Defects that are the same in both. */
interface Common extends Pick<ChainDefect, 'clause' | 'cause' | 'needs'> {
  readonly name: string
  readonly title: string
  /** Of a CA, where it differs: what cannot be read is not there. */
  readonly causeInCa?: ChainDefect['cause']
  readonly change: <P extends Either>(plan: P) => P
}

const common: readonly Common[] = [
  {
    name: 'expired',
    title: 'that expired a second ago',
    clause: 'RFC 5280 §6.1.3 (a)(2)',
    cause: 'expired',
    change: (plan) => ({ ...plan, notAfter: daysFrom(forgeTime, -second) }),
  },
  {
    name: 'notYetValid',
    title: 'that is valid from the next second',
    clause: 'RFC 5280 §6.1.3 (a)(2)',
    cause: 'not_yet_valid',
    change: (plan) => ({ ...plan, notBefore: daysFrom(forgeTime, second) }),
  },
  {
    name: 'unknownCriticalExtension',
    title: 'with a critical extension that nobody knows',
    clause: 'RFC 5280 §4.2',
    cause: 'unprocessable_extension',
    change: (plan) => ({ ...plan, extensions: [...(plan.extensions ?? []), unknownExtension] }),
  },
  {
    name: 'signatureAltered',
    title: 'whose signature has lost a bit',
    clause: 'RFC 5280 §6.1.3 (a)(1)',
    cause: 'signature_invalid',
    change: (plan) => ({ ...plan, alterSignature: flipBit(-9) }),
  },
  {
    name: 'signedByAnotherKey',
    title: 'that another key has signed',
    clause: 'RFC 5280 §6.1.3 (a)(1)',
    cause: 'signature_invalid',
    needs: { plainKeys: true },
    change: (plan) => ({ ...plan, signedBy: otherKey }),
  },
  {
    name: 'sha1Signature',
    title: 'with a signature over SHA-1',
    clause: 'NIST SP 800-131A §9',
    cause: 'weak_signature',
    needs: { plainKeys: true },
    change: (plan) => ({ ...plan, signatureAlgorithm: 'ECDSA-SHA1' }),
  },
  {
    name: 'algorithmsDiffer',
    title: 'whose two signature algorithms differ',
    clause: 'RFC 5280 §4.1.1.2',
    cause: 'malformed',
    causeInCa: 'unknown_issuer',
    needs: { plainKeys: true },
    change: (plan) => ({ ...plan, innerAlgorithm: 'ECDSA-SHA384' }),
  },
  {
    name: 'extensionTwice',
    title: 'that has one extension twice',
    clause: 'RFC 5280 §4.2',
    cause: 'malformed',
    causeInCa: 'unknown_issuer',
    change: (plan) => ({ ...plan, extensions: [...(plan.extensions ?? []), ...twice] }),
  },
  {
    name: 'trailingOctets',
    title: 'with octets behind its end',
    clause: 'X.690 §10.1, RFC 5280 §4.1',
    cause: 'malformed',
    causeInCa: 'unknown_issuer',
    change: (plan) => ({ ...plan, alterDer: append(0, 0) }),
  },
]

/** As octets, or the forge would put the second in the place of the first. The extension is nsComment. */
const commentDer = encode(
  sequence(objectIdentifier('2.16.840.1.113730.1.13'), octetString(Uint8Array.of(0x16, 0x01, 0x78))),
)
const twice = [commentDer, commentDer]

const inEndEntity = common.map(
  ({ name, title, clause, cause, needs, change }): ChainDefect => ({
    name: `${name}EndEntity`,
    title: `an end entity ${title}`,
    clause,
    cause,
    ...(needs && { needs }),
    plant: { in: 'endEntity', change },
  }),
)

const inCa = common.map(
  ({ name, title, clause, cause, causeInCa, needs, change }): ChainDefect => ({
    name: `${name}Ca`,
    title: `a CA ${title}`,
    clause,
    cause: causeInCa ?? cause,
    // A CA with the same name would be taken for the one that cannot be read.
    needs: { ...needs, ...(causeInCa !== undefined && { noSelfIssued: true }) },
    plant: { in: 'intermediate', asDecoy: true, change: (ca: CaPlan) => change(ca) },
  }),
)

/** What only a CA can be wrong in. */
const ofCas: readonly ChainDefect[] = [
  {
    name: 'pathLengthExceeded',
    title: 'a CA with one CA more below it than its path length allows',
    clause: 'RFC 5280 §6.1.4 (l), (m)',
    cause: 'path_length_exceeded',
    needs: { noSelfIssued: true },
    plant: {
      in: 'intermediate',
      lowest: 2,
      asDecoy: true,
      change: (ca: CaPlan, { below }: CaPlace) => ({ ...ca, pathLength: below - 1 }),
    },
  },
  {
    name: 'notCa',
    title: 'an issuer that is no CA',
    clause: 'RFC 5280 §6.1.4 (k)',
    cause: 'not_a_ca',
    plant: caChange((ca) => ({
      ...withExtension(ca, extension(basicConstraints, { isCa: false, pathLength: undefined }, true)),
    })),
  },
  {
    name: 'basicConstraintsAbsent',
    title: 'an issuer without basicConstraints',
    clause: 'RFC 5280 §6.1.4 (k)',
    cause: 'not_a_ca',
    plant: caChange((ca) => ({ ...ca, omit: [basicConstraints] })),
  },
  {
    name: 'versionOneCa',
    title: 'an issuer of version 1, which cannot say that it is a CA',
    clause: 'RFC 5280 §6.1.4 (k)',
    cause: 'not_a_ca',
    plant: caChange((ca) => ({ ...ca, version: 1, extensionList: [] })),
  },
  {
    name: 'keyCertSignMissing',
    title: 'a CA whose key is not for signing certificates',
    clause: 'RFC 5280 §6.1.4 (n)',
    cause: 'key_cert_sign_missing',
    plant: caChange((ca) => withExtension(ca, extension(keyUsage, ['cRLSign', 'digitalSignature'], true))),
  },
  {
    name: 'purposeNotNested',
    title: 'a CA that may issue for other purposes only',
    clause: 'CA/B BR §7.1.2.10.6',
    cause: 'purpose_not_nested',
    plant: caChange((ca) => withExtension(ca, extension(extendedKeyUsage, [keyPurposes.clientAuth]))),
  },
  {
    name: 'weakKeyCa',
    title: 'a CA with an RSA key of 1024 bits',
    clause: 'NIST SP 800-57 part 1, table 2',
    cause: 'weak_key',
    plant: {
      in: 'intermediate',
      asDecoy: false,
      change: (ca: CaPlan) => ({ ...ca, key: forgeKey('a weak CA', 'RSA-1024') }),
    },
  },
]

function caChange(change: (ca: CaPlan) => CaPlan): ChainDefect['plant'] {
  return { in: 'intermediate', asDecoy: true, change: (ca) => change(ca) }
}

const withExtension = <P extends Either>(plan: P, one: ReturnType<typeof extension>): P => ({
  ...plan,
  extensions: [...(plan.extensions ?? []).filter((other) => !('oid' in other) || other.oid !== one.oid), one],
})

const ofEndEntities: readonly ChainDefect[] = [
  {
    name: 'purposeRefused',
    title: 'an end entity that is for clients',
    clause: 'RFC 5280 §4.2.1.12',
    cause: 'purpose_refused',
    plant: {
      in: 'endEntity',
      change: (endEntity: EndEntityPlan) => ({ ...endEntity, purposes: [keyPurposes.clientAuth] }),
    },
  },
  {
    name: 'weakKeyEndEntity',
    title: 'an end entity with an RSA key of 1024 bits',
    clause: 'NIST SP 800-57 part 1, table 2',
    cause: 'weak_key',
    plant: {
      in: 'endEntity',
      change: (endEntity: EndEntityPlan) => ({ ...endEntity, key: forgeKey('a weak key', 'RSA-1024') }),
    },
  },
  {
    name: 'issuerNameDiffers',
    title: 'an end entity whose issuer has another name',
    clause: 'RFC 5280 §6.1.3 (a)(4)',
    cause: 'unknown_issuer',
    plant: {
      in: 'endEntity',
      change: (endEntity: EndEntityPlan) => ({ ...endEntity, issuerName: 'Another CA' }),
    },
  },
]

export const certificateDefects: readonly ChainDefect[] = [
  ...ofCas,
  ...ofEndEntities,
  ...inCa,
  ...inEndEntity,
]
