import { keyPurposes, keyUsage } from '@certwright/core'
import { flipBit, truncate } from '../forge/alter-octets.js'
import { extension, rawExtension } from '../forge/fields/extension-spec.js'
import { type EndEntitySpec, forgeEndEntity } from '../forge/forge-certificate.js'
import { forgeCrl } from '../forge/forge-crl.js'
import {
  forgeOcspError,
  forgeOcspResponse,
  type OcspResponseSpec,
  type SingleResponseSpec,
} from '../forge/forge-ocsp-response.js'
import { forgeKey } from '../forge/keys/forge-key.js'
import { casesOf, type Chain, type ChainSpec, days, row } from './bad-case.js'

/* OCSP responses about the end entity: RFC 6960. Of the CA above it a list of the root tells. */

interface Answer extends Partial<Omit<OcspResponseSpec, 'responses'>> {
  /** What is different about the one answer in it. */
  readonly single?: Partial<SingleResponseSpec>
  readonly responses?: readonly SingleResponseSpec[]
}

const answered = (answer: (chain: Chain) => Answer | Uint8Array): NonNullable<ChainSpec['given']> =>
  function given(chain) {
    const { root } = chain
    const spec = answer(chain)
    return {
      crls: [forgeCrl({ issuer: root }).der],
      ocspResponses: [spec instanceof Uint8Array ? spec : responseOf(chain, spec)],
    }
  }

function responseOf({ issuer, leaf }: Chain, { single, ...rest }: Answer): Uint8Array {
  const { serialNumber } = leaf
  return forgeOcspResponse({ responder: issuer, responses: [{ serialNumber, issuer, ...single }], ...rest })
}

/** Signed by somebody whom the CA, or whom else the specification names, has certified for that. */
function byResponder({ issuer }: Chain, spec: Partial<EndEntitySpec> = {}): Answer {
  const responder = forgeEndEntity({
    issuer,
    subject: 'Responder',
    names: [],
    purposes: [keyPurposes.ocspSigning],
    ...spec,
  })
  return { responder, certificates: [responder] }
}

const unknown = (critical: boolean) => rawExtension('1.3.6.1.4.1.32473.1', Uint8Array.of(5, 0), critical)
const same = (octets: Uint8Array): Uint8Array => octets
const who = 'RFC 6960 §4.2.2.2'

export const ocsp = casesOf('OCSP', {
  ocspRevoked: row('The responder says: revoked', 'revoked', 'RFC 6960 §2.2', (bad) => ({
    given: answered(() => ({ single: { status: bad ? { revokedAt: days(-1) } : 'good' } })),
  })),
  ocspRevokedBesideGood: row(
    'Of two answers about the certificate one says: revoked',
    'revoked',
    'RFC 6960 §2.2',
    (bad) => ({
      given: answered(({ leaf: { serialNumber }, issuer }) => ({
        responses: [
          { serialNumber, issuer },
          { serialNumber, issuer, status: bad ? { revokedAt: days(-1) } : 'good' },
        ],
      })),
    }),
  ),
  ocspUnknown: row('The responder says: unknown', 'revocation_unknown', 'RFC 6960 §2.2', (bad) => ({
    given: answered(() => ({ single: { status: bad ? 'unknown' : 'good' } })),
  })),
  ocspWrongCertId: row(
    'The answer is about another serial number',
    'revocation_unknown',
    'RFC 6960 §3.2 (1)',
    (bad) => ({ given: answered(({ leaf }) => ({ single: { serialNumber: bad ? 7 : leaf.serialNumber } })) }),
  ),
  ocspOtherIssuerKey: row(
    'The answer is about a certificate under another key of the issuer',
    'revocation_unknown',
    'RFC 6960 §4.1.1',
    (bad) => ({ given: answered(() => ({ single: bad ? { issuerKeyHash: new Uint8Array(20) } : {} })) }),
  ),
  ocspOtherIssuerName: row(
    'The answer is about a certificate of another issuer',
    'revocation_unknown',
    'RFC 6960 §4.1.1',
    (bad) => ({ given: answered(() => ({ single: bad ? { issuerNameHash: new Uint8Array(20) } : {} })) }),
  ),
  ocspNoAnswer: row('The response has no answers', 'revocation_unknown', 'RFC 6960 §3.2 (1)', (bad) => ({
    given: answered(() => (bad ? { responses: [] } : {})),
  })),
  ocspTryLater: row('The responder says: try later', 'revocation_unknown', 'RFC 6960 §2.3', (bad) => ({
    given: answered(() => (bad ? forgeOcspError(3) : {})),
  })),
  ocspUnauthorized: row('The responder says: unauthorized', 'revocation_unknown', 'RFC 6960 §2.3', (bad) => ({
    given: answered(() => (bad ? forgeOcspError(6) : {})),
  })),
  ocspExpired: row('The answer is out of date', 'revocation_unknown', 'RFC 6960 §4.2.2.1', (bad) => ({
    given: answered(() => ({
      producedAt: days(-3),
      single: { thisUpdate: days(-3), nextUpdate: days(bad ? -1 : 1) },
    })),
  })),
  ocspNotYetValid: row('The answer is of tomorrow', 'revocation_unknown', 'RFC 6960 §4.2.2.1', (bad) => ({
    given: answered(() => ({ single: { thisUpdate: days(bad ? 1 : -1) } })),
  })),
  ocspProducedInFuture: row(
    'The response was made tomorrow',
    'revocation_unknown',
    'RFC 6960 §2.4',
    (bad) => ({
      given: answered(() => ({ producedAt: days(bad ? 1 : -1) })),
    }),
  ),
  ocspProducedBeforeCertificate: row(
    'The response was made before the certificate',
    'revocation_unknown',
    'RFC 6960 §2.4',
    (bad) => ({
      given: answered(() => ({
        producedAt: days(bad ? -40 : -1),
        single: { thisUpdate: days(bad ? -40 : -1) },
      })),
    }),
  ),
  ocspTooOld: row(
    'The answer is older than the relying party takes',
    'revocation_unknown',
    'RFC 6960 §4.2.2.1',
    (bad) => ({
      given: (chain) => ({
        ...answered(() => ({ single: { thisUpdate: days(bad ? -9 : -1) } }))(chain),
        maximumRevocationAgeSeconds: 3 * 86_400,
      }),
    }),
  ),
  ocspSignatureFlipped: row(
    'A bit of the signature of the response is flipped',
    'revocation_unknown',
    'RFC 6960 §3.2 (2)',
    (bad) => ({ given: answered(() => ({ alterSignature: bad ? flipBit(-1) : same })) }),
  ),
  ocspUnreadable: row(
    'The response lacks its last octet',
    'revocation_unknown',
    'RFC 6960 §4.2.1',
    (bad) => ({
      given: answered((chain) => truncate(bad ? 1 : 0)(responseOf(chain, {}))),
    }),
  ),
  ocspOtherType: row(
    'The response is of an unknown type',
    'revocation_unknown',
    'RFC 6960 §4.2.1',
    (bad) => ({
      given: answered(() => (bad ? { responseType: '1.3.6.1.4.1.32473.4' } : {})),
    }),
  ),
  ocspByStranger: row(
    'Another key has signed in the name of the issuer',
    'revocation_unknown',
    who,
    (bad) => ({ given: answered(() => (bad ? { signedBy: forgeKey('stranger') } : {})) }),
  ),
  ocspNamesOther: row(
    'The response names a responder who has not signed',
    'revocation_unknown',
    'RFC 6960 §4.2.2.3',
    (bad) => ({
      given: answered(({ root, issuer }) => ({
        responder: bad ? root : issuer,
        signedBy: issuer.key,
      })),
    }),
  ),
  ocspResponderNotForOcsp: row(
    'The responder is a server of the CA, and not certified to answer',
    'revocation_unknown',
    who,
    (bad) => ({
      given: answered((chain) =>
        byResponder(chain, { purposes: [bad ? keyPurposes.serverAuth : keyPurposes.ocspSigning] }),
      ),
    }),
  ),
  ocspResponderForAny: row(
    'The responder is certified for any purpose, which is not that one',
    'revocation_unknown',
    who,
    (bad) => ({
      given: answered((chain) =>
        byResponder(chain, { purposes: [bad ? keyPurposes.anyExtendedKeyUsage : keyPurposes.ocspSigning] }),
      ),
    }),
  ),
  ocspResponderOfOtherCa: row(
    'The responder was certified by the CA above, not by the issuer',
    'revocation_unknown',
    who,
    (bad) => ({
      given: answered((chain) => byResponder(chain, { issuer: bad ? chain.root : chain.issuer })),
    }),
  ),
  ocspResponderByStranger: row(
    'Another key has certified the responder in the name of the issuer',
    'revocation_unknown',
    who,
    (bad) => ({
      given: answered((chain) => byResponder(chain, bad ? { signedBy: forgeKey('stranger') } : {})),
    }),
  ),
  ocspResponderExpired: row('The responder has expired', 'revocation_unknown', who, (bad) => ({
    given: answered((chain) => byResponder(chain, { notAfter: days(bad ? -0.5 : 1) })),
  })),
  ocspResponderMayNotSign: row(
    'The keyUsage of the responder does not let it sign',
    'revocation_unknown',
    'RFC 5280 §4.2.1.3',
    (bad) => ({
      given: answered((chain) =>
        byResponder(chain, {
          extensions: [extension(keyUsage, [bad ? 'keyAgreement' : 'digitalSignature'], true)],
        }),
      ),
    }),
  ),
  ocspResponderMissing: row(
    'The certificate of the responder is missing',
    'revocation_unknown',
    'RFC 6960 §4.2.1',
    (bad) => ({
      given: answered((chain) => ({ ...byResponder(chain), ...(bad && { certificates: [] }) })),
    }),
  ),
  ocspResponderUnknownCritical: row(
    'A critical extension of the responder is unknown',
    'revocation_unknown',
    'RFC 5280 §4.2',
    (bad) => ({ given: answered((chain) => byResponder(chain, { extensions: [unknown(bad)] })) }),
  ),
  ocspUnknownCritical: row(
    'A critical extension of the response is unknown',
    'revocation_unknown',
    'RFC 6960 §4.4',
    (bad) => ({ given: answered(() => ({ extensions: [unknown(bad)] })) }),
  ),
  ocspAnswerUnknownCritical: row(
    'A critical extension of the answer is unknown',
    'revocation_unknown',
    'RFC 6960 §4.4',
    (bad) => ({ given: answered(() => ({ single: { extensions: [unknown(bad)] } })) }),
  ),
})
