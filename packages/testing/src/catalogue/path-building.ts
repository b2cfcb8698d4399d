import { forgeCa } from '../forge/forge-certificate.js'
import { forgeKey } from '../forge/keys/forge-key.js'
import { casesOf, row } from './bad-case.js'

/* Certificates that do not lead to a trust anchor: RFC 5280 §6.1.3 (a)(4), RFC 4158. */

const unknown = 'RFC 5280 §6.1.3 (a)(4)'

export const pathBuilding = casesOf('Path building', {
  rootUnknown: row('The root is not trusted', 'unknown_issuer', unknown, (bad) => ({
    given: ({ root }) => ({ trustAnchors: [bad ? forgeCa({ subject: 'Other root' }).der : root.der] }),
  })),
  rootHasOtherKey: row(
    'A root of that name is trusted, and it has another key',
    'signature_invalid',
    'RFC 5280 §6.1.3 (a)(1)',
    (bad) => ({
      given: ({ root }) => ({
        trustAnchors: [bad ? forgeCa({ subject: 'Root', key: forgeKey('impostor') }).der : root.der],
      }),
    }),
  ),
  rootSentAlong: row(
    'The root came with the certificate, and is not trusted for that',
    'unknown_issuer',
    'RFC 5280 §6.1.1 (d)',
    (bad) => ({
      given: ({ root, cas }) => ({
        trustAnchors: bad ? [] : [root.der],
        intermediates: [...cas, root].map(({ der }) => der),
      }),
    }),
  ),
  intermediateMissing: row('The CA in the middle is missing', 'unknown_issuer', unknown, (bad) => ({
    given: ({ cas }) => ({ intermediates: bad ? [] : cas.map(({ der }) => der) }),
  })),
  issuerNameOther: row(
    'The certificate names another issuer than the one whose key has signed',
    'unknown_issuer',
    unknown,
    (bad) => ({ leaf: bad ? { issuerName: 'CA 2' } : {} }),
  ),
  issuerHasOtherKey: row(
    'A CA of that name is there, and another key has signed',
    'signature_invalid',
    'RFC 5280 §6.1.3 (a)(1)',
    (bad) => ({
      given: ({ root, cas }) => ({
        intermediates: bad
          ? [forgeCa({ subject: 'CA 1', issuer: root, key: forgeKey('impostor') }).der]
          : cas.map(({ der }) => der),
      }),
    }),
  ),
  selfSigned: row('The certificate signs itself and nobody trusts it', 'unknown_issuer', unknown, (bad) => ({
    leaf: bad ? { issuerName: 'db.example.org', signedBy: forgeKey('self'), key: forgeKey('self') } : {},
  })),
  loopOfCas: row(
    'Two CAs certify each other, and no root certifies them',
    'unknown_issuer',
    'RFC 4158 §2.4.2',
    (bad) => ({
      given({ root, cas }) {
        const [first] = cas
        if (!bad || first === undefined) return {}
        const second = forgeCa({ subject: 'Other CA', issuer: first })
        const back = forgeCa({ subject: 'CA 1', issuer: second, key: first.key })
        return { intermediates: [second.der, back.der], trustAnchors: [root.der] }
      },
    }),
  ),
})
