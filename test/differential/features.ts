import type { ChainModel } from '@certwright/testing/arbitraries'

/*
 * What is special about a chain: where a judge refuses a valid one, the features of the smallest say why.
 */

interface Feature {
  readonly name: string
  /** Of a chain that a judge refuses for it. */
  readonly title: string
  readonly clause: string
  readonly isIn: (model: ChainModel) => boolean
  readonly isKey?: true
}

const cas = ({ anchor, intermediates }: ChainModel) => [anchor, ...intermediates]
const every = (model: ChainModel) => [...cas(model), model.endEntity]
const usesKey = (key: string) => (model: ChainModel) => every(model).some((one) => one.key === key)
const hasIdentity = (name: ChainModel['endEntity']['name']) => (model: ChainModel) =>
  model.endEntity.name === name

const features: readonly Feature[] = [
  {
    name: 'lastSecond',
    title: 'in the last second of a validity',
    clause: 'RFC 5280 §4.1.2.5: inclusive',
    isIn: (model) => every(model).some(({ validity }) => validity === 'endsNow'),
  },
  {
    name: 'firstSecond',
    title: 'in the first second of a validity',
    clause: 'RFC 5280 §4.1.2.5: inclusive',
    isIn: (model) => every(model).some(({ validity }) => validity === 'startsNow'),
  },
  {
    name: 'issuerInOtherCase',
    title: 'with the name of an issuer in capitals',
    clause: 'RFC 5280 §7.1: names are compared without case',
    isIn: (model) => cas(model).some(({ respelled }) => respelled),
  },
  {
    name: 'selfIssued',
    title: 'with a CA that has certified its new key',
    clause: 'RFC 5280 §3.2, §6.1: self-issued certificates',
    isIn: ({ intermediates }) => intermediates.some(({ selfIssued }) => selfIssued),
  },
  {
    name: 'pathLength',
    title: 'with a path length that is kept',
    clause: 'RFC 5280 §4.2.1.9',
    isIn: (model) => cas(model).some(({ spareLength }) => spareLength !== undefined),
  },
  {
    name: 'nameConstraints',
    title: 'with name constraints that are kept',
    clause: 'RFC 5280 §4.2.1.10',
    isIn: (model) => cas(model).some(({ names }) => names !== 'absent'),
  },
  {
    name: 'policies',
    title: 'with policies',
    clause: 'RFC 5280 §4.2.1.4',
    isIn: ({ policies }) => policies !== 'absent',
  },
  {
    name: 'anyPurpose',
    title: 'with anyExtendedKeyUsage',
    clause: 'RFC 5280 §4.2.1.12',
    isIn: (model) => every(model).some(({ purposes }) => purposes === 'any'),
  },
  {
    name: 'purposes',
    title: 'with extendedKeyUsage',
    clause: 'RFC 5280 §4.2.1.12',
    isIn: (model) => every(model).some(({ purposes }) => purposes === 'asked' || purposes === 'several'),
  },
  {
    name: 'crls',
    title: 'with a CRL of every CA',
    clause: 'RFC 5280 §6.3',
    isIn: ({ revocation }) => revocation === 'crls',
  },
  {
    name: 'Ed25519',
    title: 'with an Ed25519 key',
    clause: 'RFC 8410',
    isIn: usesKey('Ed25519'),
    isKey: true,
  },
  {
    name: 'P-384',
    title: 'with a key on P-384',
    clause: 'RFC 5480',
    isIn: usesKey('ECDSA-P384'),
    isKey: true,
  },
  { name: 'RSA', title: 'with an RSA key', clause: 'RFC 3279', isIn: usesKey('RSA-2048'), isKey: true },
  {
    name: 'hostInOtherCase',
    title: 'for a host that is asked for in capitals',
    clause: 'RFC 9525 §6.3: without case',
    isIn: ({ endEntity }) => endEntity.respelled,
  },
  { name: 'wildcard', title: 'with a wildcard', clause: 'RFC 9525 §6.3', isIn: hasIdentity('wildcard') },
  { name: 'address', title: 'for an IP address', clause: 'RFC 9525 §6.5', isIn: hasIdentity('ip') },
  {
    name: 'strangers',
    title: 'with certificates of others beside it',
    clause: 'RFC 4158 §2.4',
    isIn: ({ strangers }) => strangers > 0,
  },
  { name: 'order', title: 'in another order', clause: 'RFC 4158 §2.4', isIn: ({ order }) => order > 0 },
]

export const featuresOf = (model: ChainModel): readonly Feature[] =>
  features.filter(({ isIn }) => isIn(model))
