import { type KeyPurpose, keyPurposes } from '../../x509/key-purposes.js'

/** Names of purposes as OIDs; what is no name is taken for an OID. */
export const keyPurposeOids = (purposes: readonly string[]): readonly string[] =>
  purposes.map((purpose) => keyPurposes[purpose as KeyPurpose] ?? purpose)
