import {
  certificateIssuer,
  createName,
  cRLDistributionPoints,
  deltaCRLIndicator,
  freshestCRL,
  type IssuingDistributionPoint,
  issuingDistributionPoint,
  keyUsage,
} from '@certwright/core'
import { flipBit, truncate } from '../forge/alter-octets.js'
import { extension, rawExtension } from '../forge/fields/extension-spec.js'
import { forgeCa, type ForgedCertificate } from '../forge/forge-certificate.js'
import { type CrlEntrySpec, type CrlSpec, forgeCrl } from '../forge/forge-crl.js'
import { forgeKey } from '../forge/keys/forge-key.js'
import { casesOf, type Chain, type ChainSpec, days, row } from './bad-case.js'

/* Revocation lists: RFC 5280 §5 and §6.3. Every CA has one, and every certificate must be known not to be revoked. */

const entryOf = ({ serialNumber }: ForgedCertificate, more: Partial<CrlEntrySpec> = {}): CrlEntrySpec => ({
  serialNumber,
  ...more,
})

/** A list of the root in which nothing is wrong, and one of the issuing CA. */
const listed = (spec: (chain: Chain) => Partial<CrlSpec>): NonNullable<ChainSpec['given']> =>
  function given(chain) {
    const { root, issuer } = chain
    return { crls: [forgeCrl({ issuer: root }).der, forgeCrl({ issuer, ...spec(chain) }).der] }
  }

const scopeOf = (scope: Partial<IssuingDistributionPoint>) =>
  extension(
    issuingDistributionPoint,
    {
      onlyContainsUserCerts: false,
      onlyContainsCACerts: false,
      onlyContainsAttributeCerts: false,
      indirectCRL: false,
      ...scope,
    },
    true,
  )

const pointOf = (path: string) => {
  const names = [{ type: 'uri', value: `http://pki.test/${path}` }] as const
  return { type: 'fullName', names } as const
}

const unknown = (critical: boolean) => rawExtension('1.3.6.1.4.1.32473.1', Uint8Array.of(5, 0), critical)
const same = (octets: Uint8Array): Uint8Array => octets

export const crl = casesOf('CRLs', {
  revoked: row('The certificate is revoked', 'revoked', 'RFC 5280 §6.3.3 (i)', (bad) => ({
    given: listed(({ leaf, root }) => ({ entries: [entryOf(bad ? leaf : root)] })),
  })),
  revokedForAReason: row(
    'The certificate is revoked: keyCompromise',
    'revoked',
    'RFC 5280 §5.3.1',
    (bad) => ({
      given: listed(({ leaf, root }) => ({
        entries: [entryOf(bad ? leaf : root, { reason: 'keyCompromise' })],
      })),
    }),
  ),
  onHold: row('The certificate is on hold', 'revoked', 'RFC 5280 §5.3.1', (bad) => ({
    given: listed(({ leaf, root }) => ({
      entries: [entryOf(bad ? leaf : root, { reason: 'certificateHold' })],
    })),
  })),
  revokedLastOfMany: row(
    'The certificate is the last of a thousand entries',
    'revoked',
    'RFC 5280 §6.3.3 (i)',
    (bad) => ({
      given: listed(({ leaf, root }) => ({
        entries: [
          ...Array.from({ length: 999 }, (_, i) => ({ serialNumber: i + 1 })),
          entryOf(bad ? leaf : root),
        ],
      })),
    }),
  ),
  caRevoked: row('The issuing CA is revoked', 'revoked', 'RFC 5280 §6.1.3 (a)(3)', (bad) => ({
    given: ({ root, issuer, leaf }) => ({
      crls: [
        forgeCrl({ issuer: root, entries: [entryOf(bad ? issuer : leaf)] }).der,
        forgeCrl({ issuer }).der,
      ],
    }),
  })),
  crlMissing: row('There is no list of the issuing CA', 'revocation_unknown', 'RFC 5280 §6.3.3', (bad) => ({
    given: ({ root, issuer }) => ({
      crls: [root, ...(bad ? [] : [issuer])].map((one) => forgeCrl({ issuer: one }).der),
    }),
  })),
  crlOfRootMissing: row('There is no list of the root', 'revocation_unknown', 'RFC 5280 §6.3.3', (bad) => ({
    given: ({ root, issuer }) => ({
      crls: [issuer, ...(bad ? [] : [root])].map((one) => forgeCrl({ issuer: one }).der),
    }),
  })),
  crlExpired: row('The list is out of date', 'revocation_unknown', 'RFC 5280 §6.3.3 (a)(1)', (bad) => ({
    given: listed(() => ({ thisUpdate: days(-8), nextUpdate: days(bad ? -1 : 1) })),
  })),
  crlNotYetValid: row('The list is of tomorrow', 'revocation_unknown', 'RFC 5280 §5.1.2.4', (bad) => ({
    given: listed(() => ({ thisUpdate: days(bad ? 1 : -1) })),
  })),
  crlTooOld: row(
    'The list is older than the relying party takes',
    'revocation_unknown',
    'RFC 5280 §6.3.3 (a)',
    (bad) => ({
      given: (chain) => ({
        ...listed(() => ({ thisUpdate: days(bad ? -5 : -1) }))(chain),
        maximumRevocationAgeSeconds: 3 * 86_400,
      }),
    }),
  ),
  crlFromOtherIssuer: row(
    'The list is of another CA',
    'revocation_unknown',
    'RFC 5280 §6.3.3 (b)(1)',
    (bad) => ({
      given: listed(({ issuer }) => (bad ? { issuerName: 'Other CA' } : { issuerName: issuer.subjectDer })),
    }),
  ),
  crlSignatureFlipped: row(
    'A bit of the signature of the list is flipped',
    'revocation_unknown',
    'RFC 5280 §6.3.3 (g)',
    (bad) => ({ given: listed(() => ({ alterSignature: bad ? flipBit(-1) : same })) }),
  ),
  crlByStranger: row(
    'Another key has signed the list in the name of the CA',
    'revocation_unknown',
    'RFC 5280 §6.3.3 (g)',
    (bad) => ({ given: listed(() => (bad ? { signedBy: forgeKey('stranger') } : {})) }),
  ),
  crlByLeaf: row(
    'The certificate itself has signed the list',
    'revocation_unknown',
    'RFC 5280 §6.3.3 (f)',
    (bad) => ({
      given: listed(({ leaf }) => (bad ? { signedBy: leaf.key } : {})),
    }),
  ),
  crlBySameNameOtherRoot: row(
    'A CA of that name below another root has signed the list',
    'revocation_unknown',
    'RFC 5280 §6.3.3 (f)',
    (bad) => ({
      given(chain) {
        const otherRoot = forgeCa({ subject: 'Other root' })
        const other = forgeCa({ subject: 'CA 1', issuer: otherRoot, key: forgeKey('impostor') })
        return {
          ...listed(() => (bad ? { issuer: other } : {}))(chain),
          intermediates: [chain.issuer.der, other.der],
          trustAnchors: [chain.root.der, otherRoot.der],
        }
      },
    }),
  ),
  crlSignMissing: row(
    'The keyUsage of the CA is without cRLSign',
    'revocation_unknown',
    'RFC 5280 §6.3.3 (f)',
    (bad) => ({
      cas: [{ extensions: [extension(keyUsage, bad ? ['keyCertSign'] : ['keyCertSign', 'cRLSign'], true)] }],
      given: listed(() => ({})),
    }),
  ),
  crlUnknownCritical: row(
    'A critical extension of the list is unknown',
    'revocation_unknown',
    'RFC 5280 §5.2',
    (bad) => ({ given: listed(() => ({ extensions: [unknown(bad)] })) }),
  ),
  crlEntryUnknownCritical: row(
    'A critical extension of an entry is unknown',
    'revocation_unknown',
    'RFC 5280 §5.3',
    (bad) => ({
      given: listed(({ root }) => ({ entries: [entryOf(root, { extensions: [unknown(bad)] })] })),
    }),
  ),
  crlForCasOnly: row(
    'The list is about CAs only',
    'revocation_unknown',
    'RFC 5280 §6.3.3 (b)(2)(iii)',
    (bad) => ({
      given: listed(() => ({
        extensions: [scopeOf({ [bad ? 'onlyContainsCACerts' : 'onlyContainsUserCerts']: true })],
      })),
    }),
  ),
  crlForUsersOnly: row(
    'The list about a CA is about end entities only',
    'revocation_unknown',
    'RFC 5280 §6.3.3 (b)(2)(ii)',
    (bad) => ({
      given: ({ root, issuer }) => ({
        crls: [
          forgeCrl({
            issuer: root,
            extensions: [scopeOf({ [bad ? 'onlyContainsUserCerts' : 'onlyContainsCACerts']: true })],
          }).der,
          forgeCrl({ issuer }).der,
        ],
      }),
    }),
  ),
  crlForAttributesOnly: row(
    'The list is about attribute certificates only',
    'revocation_unknown',
    'RFC 5280 §6.3.3 (b)(2)(iv)',
    (bad) => ({
      given: listed(() => ({
        extensions: [scopeOf({ [bad ? 'onlyContainsAttributeCerts' : 'onlyContainsUserCerts']: true })],
      })),
    }),
  ),
  crlForSomeReasons: row(
    'The list speaks of one reason only',
    'revocation_unknown',
    'RFC 5280 §6.3.3 (d)',
    (bad) => ({
      given: listed(() => ({
        extensions: [scopeOf(bad ? { onlySomeReasons: ['keyCompromise'] } : { onlyContainsUserCerts: true })],
      })),
    }),
  ),
  crlOfOtherPoint: row(
    'The list is that of another distribution point',
    'revocation_unknown',
    'RFC 5280 §6.3.3 (b)(2)(i)',
    (bad) => ({
      leaf: { extensions: [extension(cRLDistributionPoints, [{ distributionPoint: pointOf('1') }])] },
      given: listed(() => ({ extensions: [scopeOf({ distributionPoint: pointOf(bad ? '2' : '1') })] })),
    }),
  ),
  crlIsDelta: row(
    'The list is a delta, and the complete list is missing',
    'revocation_unknown',
    'RFC 5280 §5.2.4',
    (bad) => ({
      given: listed(() => ({ number: 2, extensions: bad ? [extension(deltaCRLIndicator, 1n, true)] : [] })),
    }),
  ),
  revokedInDelta: row(
    'The complete list does not have the certificate yet, and the delta has it',
    'revoked',
    'RFC 5280 §6.3.3 (i)',
    (bad) => ({
      leaf: { extensions: [extension(freshestCRL, [{ distributionPoint: pointOf('delta') }])] },
      given({ root, issuer, leaf }) {
        const delta = {
          issuer,
          number: 2,
          extensions: [extension(deltaCRLIndicator, 1n, true)],
          entries: [entryOf(bad ? leaf : root)],
        }
        const lists = [{ issuer: root }, { issuer, number: 1 }, delta]
        return { crls: lists.map((list) => forgeCrl(list).der) }
      },
    }),
  ),
  revokedInIndirect: row(
    'The CA names another issuer of lists, and that one has revoked the certificate',
    'revoked',
    'RFC 5280 §6.3.3 (b)(1)',
    (bad) => indirect((leaf, other) => entryOf(bad ? leaf : other)),
  ),
  crlUnreadable: row('The list lacks its last octet', 'revocation_unknown', 'RFC 5280 §5.1', (bad) => ({
    given: listed(() => ({ alterDer: truncate(bad ? 1 : 0) })),
  })),
})

/** A leaf whose list is signed by somebody else below the root. */
function indirect(entry: (leaf: ForgedCertificate, other: ForgedCertificate) => CrlEntrySpec): ChainSpec {
  const lister = { type: 'directoryName', name: createName({ commonName: 'Lister' }) } as const
  return {
    leaf: { extensions: [extension(cRLDistributionPoints, [{ crlIssuer: [lister] }])] },
    given({ root, issuer, leaf }) {
      const signer = forgeCa({
        subject: 'Lister',
        issuer: root,
        extensions: [extension(keyUsage, ['cRLSign', 'keyCertSign'], true)],
      })
      const about = extension(
        certificateIssuer,
        [{ type: 'directoryName', name: createName({ commonName: 'CA 1' }) }],
        true,
      )
      const list = forgeCrl({
        issuer: signer,
        extensions: [scopeOf({ indirectCRL: true })],
        entries: [{ ...entry(leaf, root), extensions: [about] }],
      })
      return {
        intermediates: [issuer.der, signer.der],
        crls: [forgeCrl({ issuer: root }).der, list.der],
      }
    },
  }
}
