import { encode, objectIdentifier, sequence } from '@certwright/core/der'
import { flipBit, replaceOctets, truncate } from '../forge/alter-octets.js'
import { forgeKey } from '../forge/keys/forge-key.js'
import { casesOf, row } from './bad-case.js'
import { compressedKey, explicitCurveKey, offCurveKey, rsaKeyWithExponentOne } from './bad-keys.js'

/* Signatures and keys. */

const rsa = (algorithm: 'RSA-1024' | 'RSA-2048') => forgeKey('catalogue', algorithm)
const clause = 'RFC 5280 §6.1.3 (a)(1)'
const same = (octets: Uint8Array): Uint8Array => octets
const unknownAlgorithm = encode(sequence(objectIdentifier('1.3.6.1.4.1.32473.1')))

export const signatures = casesOf('Signatures and keys', {
  signatureFlipped: row('A bit of the signature is flipped', 'signature_invalid', clause, (bad) => ({
    leaf: { alterSignature: bad ? flipBit(-1) : same },
  })),
  signatureTruncated: row('The signature lacks its last octet', 'signature_invalid', clause, (bad) => ({
    leaf: { alterSignature: truncate(bad ? 1 : 0) },
  })),
  signatureEmpty: row('The signature is empty', 'signature_invalid', clause, (bad) => ({
    leaf: { alterSignature: truncate(bad ? 999 : 0) },
  })),
  signatureOfZeros: row(
    'r and s of the signature are 0, for which bad arithmetic verifies anything',
    'signature_invalid',
    'FIPS 186-5 §6.4.2',
    (bad) => ({ leaf: { alterSignature: bad ? () => Uint8Array.of(0x30, 6, 2, 1, 0, 2, 1, 0) : same } }),
    'CVE-2022-21449 (Java)',
  ),
  signatureByOtherKey: row(
    'Another key than that of the issuer has signed',
    'signature_invalid',
    clause,
    (bad) => ({
      leaf: bad ? { signedBy: forgeKey('stranger') } : {},
    }),
  ),
  signatureByOwnKey: row(
    'The certificate names its issuer and is signed with its own key',
    'signature_invalid',
    clause,
    (bad) => ({ leaf: { key: forgeKey('own'), ...(bad && { signedBy: forgeKey('own') }) } }),
  ),
  contentChanged: row('A name was changed after it was signed', 'signature_invalid', clause, (bad) => ({
    leaf: {
      names: [bad ? 'aa.example.org' : 'db.example.org'],
      alterDer: bad
        ? replaceOctets(
            Buffer.from('\u0082\u000eaa.example.org', 'latin1'),
            Buffer.from('\u0082\u000edb.example.org', 'latin1'),
          )
        : same,
    },
  })),
  caSignatureFlipped: row(
    'A bit of the signature on the CA is flipped',
    'signature_invalid',
    clause,
    (bad) => ({
      cas: [{ alterSignature: bad ? flipBit(-1) : same }],
    }),
  ),
  algorithmsDiffer: row(
    'The signed algorithm is another than the one beside the signature',
    'malformed',
    'RFC 5280 §4.1.1.2',
    (bad) => ({ leaf: bad ? { innerAlgorithm: 'ECDSA-SHA384' } : {} }),
  ),
  algorithmUnknown: row(
    'The signature algorithm is unknown',
    'weak_signature',
    'RFC 5280 §4.1.1.2',
    (bad) => ({
      leaf: bad ? { innerAlgorithm: unknownAlgorithm, outerAlgorithm: unknownAlgorithm } : {},
    }),
  ),
  algorithmForOtherKey: row(
    'The signature claims to be RSA, and the key of the issuer is an EC key',
    'signature_invalid',
    clause,
    (bad) => ({
      leaf: bad ? { innerAlgorithm: 'RSA-PKCS1-SHA256', outerAlgorithm: 'RSA-PKCS1-SHA256' } : {},
    }),
  ),
  signatureMd5: row(
    'The signature is with MD5, of which collisions were made into a CA',
    'weak_signature',
    'RFC 6151 §2',
    (bad) => ({ cas: [{ key: rsa('RSA-2048') }], leaf: bad ? { signatureAlgorithm: 'RSA-PKCS1-MD5' } : {} }),
    'CVE-2004-2761',
  ),
  signatureSha1: row(
    'The signature is with SHA-1, of which collisions are known',
    'weak_signature',
    'NIST SP 800-131A §9',
    (bad) => ({ cas: [{ key: rsa('RSA-2048') }], leaf: bad ? { signatureAlgorithm: 'RSA-PKCS1-SHA1' } : {} }),
  ),
  signatureEcdsaSha1: row(
    'The signature is ECDSA with SHA-1',
    'weak_signature',
    'NIST SP 800-131A §9',
    (bad) => ({
      leaf: bad ? { signatureAlgorithm: 'ECDSA-SHA1' } : {},
    }),
  ),
  caSignatureSha1: row(
    'The signature on the CA is with SHA-1',
    'weak_signature',
    'NIST SP 800-131A §9',
    (bad) => ({
      root: { key: rsa('RSA-2048') },
      cas: [bad ? { signatureAlgorithm: 'RSA-PKCS1-SHA1' } : {}],
    }),
  ),
  keyTooShort: row('The RSA key has 1,024 bits', 'weak_key', 'NIST SP 800-57 part 1, table 2', (bad) => ({
    leaf: { key: rsa(bad ? 'RSA-1024' : 'RSA-2048') },
  })),
  caKeyTooShort: row(
    'The RSA key of the CA has 1,024 bits',
    'weak_key',
    'NIST SP 800-57 part 1, table 2',
    (bad) => ({
      cas: [{ key: rsa(bad ? 'RSA-1024' : 'RSA-2048') }],
    }),
  ),
  rootKeyTooShort: row(
    'The RSA key of the trust anchor has 1,024 bits',
    'weak_key',
    'NIST SP 800-57 part 1, table 2',
    (bad) => ({ root: { key: rsa(bad ? 'RSA-1024' : 'RSA-2048') } }),
  ),
  exponentOne: row(
    'The RSA exponent is 1: the message is the signature',
    'weak_key',
    'RFC 8017 §3.1',
    (bad) => ({
      leaf: bad ? { spkiDer: rsaKeyWithExponentOne() } : {},
    }),
  ),
  curveByParameters: row(
    'The curve is given by its parameters, of which the generator is free to choose',
    'weak_key',
    'RFC 5480 §2.1.1',
    (bad) => ({ leaf: bad ? { spkiDer: explicitCurveKey() } : {} }),
    'CVE-2020-0601 (Windows)',
  ),
  pointCompressed: row(
    'The point of the key is compressed, which may be supported and is not here',
    'weak_key',
    'RFC 5480 §2.2',
    (bad) => ({ leaf: bad ? { spkiDer: compressedKey() } : {} }),
  ),
  caPointOffCurve: row(
    'The point of the key of the CA is not on its curve',
    'signature_invalid',
    'SEC 1 §3.2.2',
    (bad) => ({
      cas: [bad ? { spkiDer: offCurveKey() } : {}],
    }),
  ),
})
