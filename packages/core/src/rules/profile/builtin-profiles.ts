import type { ProfileDefinition } from './profile.js'

/** All that keys of these families can do (RFC 4055 §1.2, RFC 8410 §5, RFC 9881 §5, RFC 9909 §6). */
const signingOnly = {
  'RSA-PSS': ['digitalSignature'],
  EdDSA: ['digitalSignature'],
  'ML-DSA': ['digitalSignature'],
  'SLH-DSA': ['digitalSignature'],
} as const

/** RFC 5246 §7.4.2, RFC 8446 §4.4.2.2: TLS signs with every key; RSA can also receive a key (TLS 1.2 and before). */
const tlsKeyUsage = {
  RSA: ['digitalSignature', 'keyEncipherment'],
  ECDSA: ['digitalSignature'],
  ...signingOnly,
} as const

/**
 * Names that nobody owns: special-use top-level domains (RFC 6761, RFC 6762, RFC 8375, RFC 9476; ICANN's
 * `.internal`). A name under `.test` or `.internal` means another host to every reader.
 */
const unownedDomains = ['alt', 'home.arpa', 'internal', 'invalid', 'local', 'localhost', 'test']

/** Blocks of the IANA special-purpose registries (RFC 6890) that are not globally reachable. */
const reservedRanges = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '::/96',
  '100::/64',
  '2001:db8::/32',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
]

/** The profiles that every authority has. A host may add its own under other names. */
export const builtinProfiles: Readonly<Record<string, ProfileDefinition>> = {
  serverAuth: {
    keyUsage: tlsKeyUsage,
    extendedKeyUsage: ['serverAuth'],
    nameKinds: ['dns', 'ip', 'uri'],
    // RFC 9525 §2: clients look for names in subjectAltName, and nowhere else.
    requiredNameKinds: ['dns', 'ip'],
    wildcards: true,
  },

  clientAuth: {
    keyUsage: tlsKeyUsage,
    extendedKeyUsage: ['clientAuth'],
    nameKinds: ['dns', 'ip', 'email', 'uri'],
  },

  // No name is required: half of these certificates are for clients, which have a common name alone.
  serverAndClientAuth: {
    keyUsage: tlsKeyUsage,
    extendedKeyUsage: ['serverAuth', 'clientAuth'],
    nameKinds: ['dns', 'ip', 'email', 'uri'],
    wildcards: true,
  },

  // RFC 9608: short enough that nobody needs to ask whether it was revoked.
  shortLived: {
    keyUsage: tlsKeyUsage,
    extendedKeyUsage: ['serverAuth', 'clientAuth'],
    nameKinds: ['dns', 'ip', 'email', 'uri'],
    wildcards: true,
    maximumValidityDays: 7,
    defaultValidityDays: 7,
    noRevocation: true,
  },

  codeSigning: {
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['codeSigning'],
    nameKinds: ['email', 'uri'],
  },

  // RFC 8551 §2.3 and RFC 5753: RSA receives keys, ECDH agrees on them, and the others sign only.
  emailProtection: {
    keyUsage: {
      RSA: ['digitalSignature', 'keyEncipherment'],
      ECDSA: ['digitalSignature', 'keyAgreement'],
      ...signingOnly,
    },
    extendedKeyUsage: ['emailProtection'],
    nameKinds: ['email'],
    requiredNameKinds: ['email'],
  },

  // RFC 6960 §4.2.2.2. Nobody checks the revocation of such a certificate, so it is to be short.
  ocspSigning: {
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['ocspSigning'],
    nameKinds: ['dns', 'uri'],
    defaultValidityDays: 90,
    ocspNoCheck: true,
  },

  // What the CA/B Forum asks of certificates that browsers trust (Baseline Requirements §6.3.2, §7.1.2.7, §7.1.3.1).
  publicServerAuth: {
    keyUsage: tlsKeyUsage,
    extendedKeyUsage: ['serverAuth'],
    keyAlgorithms: ['RSA-2048', 'RSA-3072', 'RSA-4096', 'ECDSA-P256', 'ECDSA-P384', 'ECDSA-P521'],
    // Ballot SC-081v3.
    maximumValidityDays: [
      { from: '2020-09-01', days: 397 },
      { from: '2026-03-15', days: 200 },
      { from: '2027-03-15', days: 100 },
      { from: '2029-03-15', days: 47 },
    ],
    nameKinds: ['dns', 'ip'],
    requiredNameKinds: ['dns', 'ip'],
    wildcards: true,
    qualifiedNamesOnly: true,
    nameRules: {
      deny: { dns: unownedDomains.flatMap((domain) => [domain, `*.${domain}`]), ip: reservedRanges },
    },
    // domain-validated, Baseline Requirements §7.1.6.1
    certificatePolicies: ['2.23.140.1.2.1'],
    // §4.9.13
    suspension: false,
    // §4.9.7 and §7.2, for certificates that name an OCSP responder too
    crlTimes: { validityDays: 10, intervalDays: 7 },
    forPublicTrust: true,
  },
}
