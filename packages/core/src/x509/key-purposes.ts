/** Purposes of a key by name (RFC 5280 §4.2.1.12), which an extendedKeyUsage holds by OID. */
export const keyPurposes = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  /** RFC 9336. */
  documentSigning: '1.3.6.1.5.5.7.3.36',
  anyExtendedKeyUsage: '2.5.29.37.0',
} as const

export type KeyPurpose = keyof typeof keyPurposes

const purposesByOid = new Map<string, KeyPurpose>(
  Object.entries(keyPurposes).map(([purpose, oid]) => [oid, purpose as KeyPurpose]),
)

/** @returns `undefined`: a purpose without a name here */
export const keyPurposeOf = (oid: string): KeyPurpose | undefined => purposesByOid.get(oid)
