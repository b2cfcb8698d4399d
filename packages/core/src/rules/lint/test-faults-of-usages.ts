import { keyAlgorithms } from '../../crypto/key-algorithms.js'
import { encodePublicKey } from '../../crypto/public-key.js'
import { keyUsage, type KeyUsage } from '../../x509/extensions/key-usage.js'
import { ocspNoCheck } from '../../x509/extensions/ocsp-no-check.js'
import { keyPurposes, type KeyPurpose } from '../../x509/key-purposes.js'
import {
  ecSpki,
  edSpki,
  rsaSpki,
  critical,
  plain,
  ca,
  leaf,
  withExtensions,
  without,
  purposes,
  lintLeaf,
  lintCa,
  key,
  noKey,
  pssSpki,
  mlDsaSpki,
  slhDsaSpki,
  type LintCase,
} from './test-tbs.js'

const edOrStateless: readonly (readonly [string, Uint8Array])[] = [
  ['Ed25519', edSpki],
  ['ML-DSA', mlDsaSpki],
  ['SLH-DSA', slhDsaSpki],
  ['RSA-PSS', pssSpki],
]

/** RFC 3279 §2.3.1, RFC 4055 §1.2, RFC 5480 §3, RFC 8410 §5, RFC 9881 §5, RFC 9909 §6. */
const impossibleUsages: readonly (readonly [string, Uint8Array, KeyUsage])[] = [
  ...(['keyEncipherment', 'dataEncipherment'] as const).map((usage) => ['ECDSA', ecSpki, usage] as const),
  ...(['keyAgreement', 'encipherOnly', 'decipherOnly'] as const).map(
    (usage) => ['RSA', rsaSpki(256), usage] as const,
  ),
  ...edOrStateless.flatMap(([name, spkiDer]) =>
    (['keyEncipherment', 'dataEncipherment', 'keyAgreement', 'encipherOnly', 'decipherOnly'] as const).map(
      (usage) => [name, spkiDer, usage] as const,
    ),
  ),
]

/** RFC 5280 §4.2.1.12 lists what a purpose may be exercised with; these are not in its list. */
const unfitUsages: readonly (readonly [KeyPurpose, KeyUsage])[] = [
  ['serverAuth', 'contentCommitment'],
  ['clientAuth', 'keyEncipherment'],
  ['codeSigning', 'contentCommitment'],
  ['emailProtection', 'dataEncipherment'],
  ['timeStamping', 'keyAgreement'],
  ['ocspSigning', 'keyAgreement'],
]

/** What can be wrong with the usages and purposes of a key. */
export const faultsOfUsages: readonly LintCase[] = [
  [
    'key-usage-of-ca',
    'a CA without keyCertSign',
    () => lintCa(withExtensions(ca, critical(keyUsage, ['cRLSign']))),
  ],
  [
    'key-cert-sign-only-in-ca',
    'keyCertSign in an end entity',
    () => lintLeaf(withExtensions(leaf, critical(keyUsage, ['digitalSignature', 'keyCertSign']))),
  ],
  [
    'key-usage-critical',
    'a keyUsage that is not critical',
    () => lintLeaf(withExtensions(leaf, plain(keyUsage, ['digitalSignature']))),
  ],
  [
    'key-usage-fits-key',
    'keyEncipherment for an EC key',
    () => lintLeaf(withExtensions(leaf, critical(keyUsage, ['digitalSignature', 'keyEncipherment']))),
  ],
  [
    'key-usage-fits-key',
    'keyEncipherment for an ML-DSA key (RFC 9881 §5)',
    () =>
      lintLeaf(
        withExtensions(
          {
            ...leaf,
            spkiDer: encodePublicKey(keyAlgorithms['ML-DSA-44'].identifierDer, new Uint8Array(1312)),
          },
          critical(keyUsage, ['digitalSignature', 'keyEncipherment']),
        ),
      ),
  ],
  [
    'key-usage-fits-key',
    'keyAgreement for an SLH-DSA key (RFC 9909 §6)',
    () =>
      lintLeaf(
        withExtensions(
          {
            ...leaf,
            spkiDer: encodePublicKey(keyAlgorithms['SLH-DSA-SHAKE-128s'].identifierDer, new Uint8Array(32)),
          },
          critical(keyUsage, ['digitalSignature', 'keyAgreement']),
        ),
      ),
  ],
  [
    'key-usage-fits-key',
    'keyAgreement for an Ed25519 key',
    () => lintLeaf(withExtensions(key('Ed25519'), critical(keyUsage, ['digitalSignature', 'keyAgreement']))),
  ],
  ['no-any-purpose', 'anyExtendedKeyUsage', () => lintLeaf(purposes(keyPurposes.anyExtendedKeyUsage))],
  [
    'no-repeated-purpose',
    'serverAuth twice',
    () => lintLeaf(purposes(keyPurposes.serverAuth, keyPurposes.serverAuth)),
  ],
  [
    'purpose-fits-key-usage',
    'codeSigning with keyAgreement alone',
    () => lintLeaf(withExtensions(purposes(keyPurposes.codeSigning), critical(keyUsage, ['keyAgreement']))),
  ],
  [
    'ocsp-no-check-only-in-responder',
    'ocspNoCheck in a server certificate',
    () => lintLeaf(withExtensions(leaf, plain(ocspNoCheck, true))),
  ],
  ['key-usage-of-ca', 'a CA without keyUsage', () => lintCa(without(ca, keyUsage))],
  ['key-usage-fits-key', 'a key of a type that nobody knows', () => lintLeaf({ ...leaf, spkiDer: noKey })],
  ...impossibleUsages.map(
    ([keyName, spkiDer, usage]): LintCase => [
      'key-usage-fits-key',
      `${usage} for ${keyName}`,
      () => lintLeaf(withExtensions({ ...leaf, spkiDer }, critical(keyUsage, ['digitalSignature', usage]))),
    ],
  ),
  ...unfitUsages.map(
    ([purpose, usage]): LintCase => [
      'purpose-fits-key-usage',
      `${purpose} with ${usage} alone`,
      () => lintLeaf(withExtensions(purposes(keyPurposes[purpose]), critical(keyUsage, [usage]))),
    ],
  ),
]
