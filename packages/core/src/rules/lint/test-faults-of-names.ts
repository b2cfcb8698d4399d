import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import type { GeneralName } from '../../x509/general-name.js'
import { createName } from '../../x509/name.js'
import { uri, dns, leaf, without, named, lintLeaf, commonNameOf, type LintCase } from './test-tbs.js'

/** What can be wrong with the names of a subject. */
export const faultsOfNames: readonly LintCase[] = [
  [
    'no-repeated-alt-name',
    'one host in two cases',
    () => lintLeaf(named(dns('db.example.org'), dns('DB.example.org'))),
  ],
  ...[
    'a_b.example.org',
    'db.example.org.',
    'a..b',
    '-a.example.org',
    '*.org.',
    'a.*.example.org',
    '1.2.3.4',
    'db.example.0',
    'db.example.10',
    '7',
    'DB.example.org',
    'a-.example.org',
    '*.org',
    '*',
    'a*.example.org',
    '*.*.example.org',
    'a\0.example.org',
    `${'a.'.repeat(126)}aa`,
    `${'a'.repeat(64)}.example.org`,
  ].map(
    (name): LintCase => [
      'dns-name-syntax',
      JSON.stringify(name),
      () => lintLeaf(named(dns('db.example.org'), dns(name))),
    ],
  ),
  [
    'email-syntax',
    'a phrase before the address',
    () => lintLeaf(named(dns('db.example.org'), { type: 'email', value: 'Alice <alice@example.org>' })),
  ],
  ['uri-syntax', 'a relative URI', () => lintLeaf(named(dns('db.example.org'), uri('/path')))],
  [
    'common-name-among-alt-names',
    'a host that stands in the common name only',
    () => lintLeaf(named(dns('web.example.org'))),
  ],
  [
    'common-name-among-alt-names',
    'an address that stands in the common name only',
    () => lintLeaf({ ...leaf, subject: createName({ commonName: '2001:db8::1' }) }),
  ],
  [
    'server-has-alt-name',
    'a server without host',
    () => lintLeaf({ ...named(uri('urn:x:y')), subject: createName({ commonName: 'A server' }) }),
  ],
  ...[
    'alice',
    '@example.org',
    'alice@',
    'a@b@example.org',
    `${'a'.repeat(65)}@example.org`,
    'alice@-example.org',
    'alice@example.org-',
    'alice@exa mple.org',
  ].map(
    (value): LintCase => [
      'email-syntax',
      JSON.stringify(value),
      () => lintLeaf(named(dns('db.example.org'), { type: 'email', value })),
    ],
  ),
  ...['urn:', ':x', '1a:b', ' a:b', 'a:b c', 'a_b:c', 'a:b\x7f'].map(
    (value): LintCase => [
      'uri-syntax',
      JSON.stringify(value),
      () => lintLeaf(named(dns('db.example.org'), uri(value))),
    ],
  ),
  ...['db.example.org.evil', '*.example.org', 'xn--bcher-kva.example', '192.0.2.2', 'A.B'].map(
    (commonName): LintCase => [
      'common-name-among-alt-names',
      `the common name ${commonName}, which stands nowhere else`,
      () => lintLeaf({ ...leaf, subject: createName({ commonName }) }),
    ],
  ),
  [
    'no-repeated-alt-name',
    'one address twice',
    () =>
      lintLeaf(
        named(
          dns('db.example.org'),
          ...[1, 2].map((): GeneralName => ({ type: 'ip', address: Uint8Array.of(192, 0, 2, 1) })),
        ),
      ),
  ],
  [
    'server-has-alt-name',
    'a server without subjectAltName',
    () => lintLeaf({ ...without(leaf, subjectAltName), subject: commonNameOf('A server') }),
  ],
]
