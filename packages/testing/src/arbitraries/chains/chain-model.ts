/*
 * What a generated chain is made from: a few numbers and words, of which every combination is a valid chain. Whether a
 * chain is valid is known because it was built so, not because a validator was asked; and since every smaller model is a
 * valid chain too, shrinking cannot change the verdict.
 */

export interface ChainModel {
  /** The trust anchor. */
  readonly anchor: CaModel
  /** From the one below the anchor down to the issuer of the end entity; empty: the anchor is the issuer. */
  readonly intermediates: readonly CaModel[]
  readonly endEntity: EndEntityModel
  /**
   * RFC 5280 §6.1.2 (d): `listed`: all below the anchor are for one policy; `required`: and the highest intermediate
   * demands it.
   */
  readonly policies: 'absent' | 'listed' | 'required'
  /** Certificates that are on no valid path and take the place of one that is. */
  readonly decoys: readonly DecoyModel[]
  /** CA certificates that have nothing to do with the chain. */
  readonly strangers: number
  /** 0: decoys, then the issuer of the end entity and so on upwards, then strangers; else a shuffle of these. */
  readonly order: number
  /** What tells of revocation: nothing, a CRL of every CA, or an OCSP response about every certificate. */
  readonly revocation: 'absent' | 'crls' | 'ocsp'
}

/** Ends of the validity that are the second of the validation: RFC 5280 §4.1.2.5 has both inclusive. */
export type Validity = 'wide' | 'startsNow' | 'endsNow'

export interface CaModel {
  /** How many more CAs pathLenConstraint allows below than there are; `undefined`: it is absent. */
  readonly spareLength: number | undefined
  /** nameConstraints that the end entity keeps. */
  readonly names: 'absent' | 'permitted' | 'excluded' | 'both'
  /** extendedKeyUsage that allows what is asked. */
  readonly purposes: 'absent' | 'asked' | 'several' | 'any'
  readonly key: KeyKind
  /** Of an intermediate: it has the name of its issuer and another key, and no part in path lengths (§4.2.1.9). */
  readonly selfIssued: boolean
  /** Certificates below write its name in upper case: for §7.1 it is the same. */
  readonly respelled: boolean
  readonly validity: Validity
  /** Extensions that nobody knows, not critical. */
  readonly ornaments: number
}

export type KeyKind = 'ECDSA-P256' | 'ECDSA-P384' | 'Ed25519' | 'RSA-2048'

export interface EndEntityModel {
  /** What kind of name is asked for, and stands among the alternative names. */
  readonly name: 'host' | 'wildcard' | 'ip'
  /** Labels of its host, from 2. */
  readonly labels: number
  /** Names besides. */
  readonly otherNames: number
  /** The host is asked for in upper case. */
  readonly respelled: boolean
  readonly purposes: 'absent' | 'asked' | 'several' | 'any'
  readonly key: KeyKind
  readonly validity: Validity
  readonly ornaments: number
}

/**
 * A certificate with the name and the key of an intermediate, and something wrong with it.
 *
 * `deadEnd`: a cross-certificate of a CA that nobody trusts; else the name of a defect.
 */
export interface DecoyModel {
  readonly kind: string
  /** Which intermediate, from 0; counted round where there are fewer. */
  readonly place: number
  /** It is valid longer than the one that is right: what looks best is wrong. */
  readonly lastsLonger: boolean
}

/** The smallest chain of all: an anchor that has issued the end entity. */
export const plainCa: CaModel = {
  spareLength: undefined,
  names: 'absent',
  purposes: 'absent',
  key: 'ECDSA-P256',
  selfIssued: false,
  respelled: false,
  validity: 'wide',
  ornaments: 0,
}

export const plainEndEntity: EndEntityModel = {
  name: 'host',
  labels: 2,
  otherNames: 0,
  respelled: false,
  purposes: 'absent',
  key: 'ECDSA-P256',
  validity: 'wide',
  ornaments: 0,
}

/** What a defect needs of the chain that it is planted in; the arbitrary makes no other. */
export interface ModelNeeds {
  /** Fewest intermediates. Default: 0. */
  readonly intermediates?: number
  readonly name?: EndEntityModel['name']
  readonly otherNames?: number
  readonly policies?: ChainModel['policies']
  readonly revocation?: ChainModel['revocation']
  /** Every key is P-256: the defect signs with an algorithm of its own. */
  readonly plainKeys?: boolean
  /** No CA has its issuer's name: such a CA is not counted. */
  readonly noSelfIssued?: boolean
}
