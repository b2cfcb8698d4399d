import type { GeneralName } from '@certwright/core'
import type { ServiceIdentity } from '@certwright/core/path'
import { casesOf, row } from './bad-case.js'

/* A certificate that is valid, and another's: RFC 9525 §6. The twin is the same certificate, or one whose name fits. */

const host = (value: string) => (): { identity: ServiceIdentity } => ({ identity: { type: 'dns', value } })
const address = (value: string) => (): { identity: ServiceIdentity } => ({ identity: { type: 'ip', value } })
const email = (value: string): GeneralName => ({ type: 'email', value })
const wildcards = 'RFC 9525 §6.3'

export const identity = casesOf('Identity', {
  otherHost: row('Another host was asked for', 'identity_mismatch', 'RFC 9525 §6.3', (bad) => ({
    given: host(bad ? 'www.example.org' : 'db.example.org'),
  })),
  parentHost: row('The parent of the host was asked for', 'identity_mismatch', 'RFC 9525 §6.3', (bad) => ({
    given: host(bad ? 'example.org' : 'db.example.org'),
  })),
  hostAsPrefix: row(
    'The host that was asked for begins like the name',
    'identity_mismatch',
    'RFC 9525 §6.3',
    (bad) => ({ given: host(bad ? 'db.example.org.evil.test' : 'db.example.org') }),
  ),
  commonNameAlone: row(
    'The host stands in the common name alone',
    'identity_mismatch',
    'RFC 9525 §2',
    (bad) => ({ leaf: { subject: 'db.example.org', names: bad ? [] : ['db.example.org'] } }),
  ),
  commonNameBesideOthers: row(
    'The host stands in the common name, beside alternative names that are others',
    'identity_mismatch',
    'RFC 9525 §2',
    (bad) => ({
      leaf: { subject: 'db.example.org', names: [bad ? 'www.example.org' : 'db.example.org'] },
    }),
  ),
  wildcardForTwoLabels: row(
    'A wildcard is to stand for two labels',
    'identity_mismatch',
    wildcards,
    (bad) => ({
      leaf: { names: ['*.example.org'] },
      given: host(bad ? 'a.b.example.org' : 'a.example.org'),
    }),
  ),
  wildcardForNone: row('A wildcard is to stand for no label', 'identity_mismatch', wildcards, (bad) => ({
    leaf: { names: ['*.example.org'] },
    given: host(bad ? 'example.org' : 'a.example.org'),
  })),
  wildcardInLabel: row('A wildcard is a part of a label', 'identity_mismatch', wildcards, (bad) => ({
    leaf: { names: [bad ? 'd*.example.org' : '*.example.org'] },
  })),
  wildcardNotLeftmost: row('A wildcard is not the first label', 'identity_mismatch', wildcards, (bad) => ({
    leaf: { names: [bad ? 'db.*.org' : '*.example.org'] },
  })),
  wildcardOfTopLevel: row(
    'A wildcard is to stand for everything below a top-level domain',
    'identity_mismatch',
    'CA/B BR §3.2.2.6',
    (bad) => ({ leaf: { names: [bad ? '*.org' : 'example.org'] }, given: host('example.org') }),
  ),
  wildcardAlone: row('The name is a wildcard and nothing else', 'identity_mismatch', wildcards, (bad) => ({
    leaf: { names: [bad ? '*' : 'localhost'] },
    given: host('localhost'),
  })),
  wildcardTwice: row('The name has two wildcards', 'identity_mismatch', wildcards, (bad) => ({
    leaf: { names: [bad ? '*.*.example.org' : '*.b.example.org'] },
    given: host('a.b.example.org'),
  })),
  wildcardBelowPublicSuffix: row(
    'A wildcard stands for everything below a public suffix',
    'rule_broken',
    'CA/B BR §3.2.2.6',
    (bad) => ({
      leaf: { names: [bad ? '*.co.test' : '*.shop.co.test'] },
      given: () => ({
        identity: { type: 'dns', value: bad ? 'shop.co.test' : 'www.shop.co.test' },
        isPublicSuffix: (domain) => domain === 'co.test',
      }),
    }),
  ),
  nulInName: row(
    'A NUL octet ends the name for those who read it as a string of C',
    'identity_mismatch',
    'RFC 9525 §6.3',
    (bad) => ({ leaf: { subject: 'host', names: [bad ? 'db.example.org\0.evil.test' : 'db.example.org'] } }),
    'CVE-2009-2408 (NSS), CVE-2013-4238 (Python)',
  ),
  addressAsDnsName: row('An IP address stands in a dNSName', 'identity_mismatch', 'RFC 9525 §6.4', (bad) => ({
    leaf: {
      subject: 'host',
      names: [bad ? '192.0.2.1' : { type: 'ip', address: Uint8Array.of(192, 0, 2, 1) }],
    },
    given: address('192.0.2.1'),
  })),
  addressInCommonName: row(
    'An IP address stands in the common name',
    'identity_mismatch',
    'RFC 9525 §2',
    (bad) => ({
      leaf: {
        subject: '192.0.2.1',
        names: bad ? ['db.example.org'] : [{ type: 'ip', address: Uint8Array.of(192, 0, 2, 1) }],
      },
      given: address('192.0.2.1'),
    }),
  ),
  addressOther: row('Another address was asked for', 'identity_mismatch', 'RFC 9525 §6.4', (bad) => ({
    leaf: { subject: 'host', names: [{ type: 'ip', address: Uint8Array.of(192, 0, 2, 1) }] },
    given: address(bad ? '192.0.2.2' : '192.0.2.1'),
  })),
  addressForWildcard: row(
    'A wildcard is to stand for a part of an address',
    'identity_mismatch',
    'RFC 9525 §6.4',
    (bad) => ({
      leaf: {
        subject: 'host',
        names: [bad ? '*.0.2.1' : { type: 'ip', address: Uint8Array.of(192, 0, 2, 1) }],
      },
      given: address('192.0.2.1'),
    }),
  ),
  uriForHost: row(
    'The host stands in a URI, which is another kind of name',
    'identity_mismatch',
    'RFC 9525 §6.2',
    (bad) => ({
      leaf: {
        subject: 'host',
        names: [bad ? { type: 'uri', value: 'https://db.example.org/' } : 'db.example.org'],
      },
    }),
    'CVE-2021-44531 (Node.js)',
  ),
  emailOfOther: row('Another mailbox was asked for', 'identity_mismatch', 'RFC 5280 §7.5', (bad) => ({
    leaf: { names: [email('alice@example.org')] },
    given: () => ({ identity: { type: 'email', value: `${bad ? 'bob' : 'alice'}@example.org` } }),
  })),
  emailInOtherLetters: row(
    'The local part of the mailbox is in other letters, which count',
    'identity_mismatch',
    'RFC 5280 §7.5',
    (bad) => ({
      leaf: { names: [email('alice@example.org')] },
      given: () => ({ identity: { type: 'email', value: `${bad ? 'Alice' : 'alice'}@EXAMPLE.org` } }),
    }),
  ),
})
