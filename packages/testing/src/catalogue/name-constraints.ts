import { createName, type GeneralName, type GeneralSubtree, nameConstraints } from '@certwright/core'
import { extension, type ExtensionSpec } from '../forge/fields/extension-spec.js'
import { casesOf, row } from './bad-case.js'

/* Names that a CA may not certify: RFC 5280 §4.2.1.10, §6.1.3 (b), (c). */

const dns = (value: string): GeneralName => ({ type: 'dns', value })
const email = (value: string): GeneralName => ({ type: 'email', value })
const uri = (value: string): GeneralName => ({ type: 'uri', value })
const directory = (organization: string): GeneralName => ({
  type: 'directoryName',
  name: createName({ organization }),
})
const ip = (...address: number[]): GeneralName => ({ type: 'ip', address: Uint8Array.from(address) })
const subtrees = (bases: readonly GeneralName[]): GeneralSubtree[] =>
  bases.map((base) => ({ base, minimum: 0, maximum: undefined }))
const permit = (...bases: GeneralName[]): ExtensionSpec =>
  extension(nameConstraints, { permitted: subtrees(bases), excluded: [] }, true)
const exclude = (...bases: GeneralName[]): ExtensionSpec =>
  extension(nameConstraints, { permitted: [], excluded: subtrees(bases) }, true)

const anybody = () => ({ identity: [] })
const permitted = 'RFC 5280 §6.1.3 (b)'
const excluded = 'RFC 5280 §6.1.3 (c)'
const forms = 'RFC 5280 §4.2.1.10'

export const nameConstraintCases = casesOf('Name constraints', {
  nameNotPermitted: row('The name is in no permitted subtree', 'name_not_permitted', permitted, (bad) => ({
    cas: [{ extensions: [permit(dns(bad ? 'example.com' : 'example.org'))] }],
  })),
  nameExcluded: row('The name is in an excluded subtree', 'name_excluded', excluded, (bad) => ({
    cas: [{ extensions: [exclude(dns(bad ? 'example.org' : 'example.com'))] }],
  })),
  nameExcludedAndPermitted: row(
    'The name is in a permitted and in an excluded subtree: excluded wins',
    'name_excluded',
    excluded,
    (bad) => ({
      cas: [
        {
          extensions: [
            extension(
              nameConstraints,
              {
                permitted: subtrees([dns('example.org')]),
                excluded: subtrees([dns(bad ? 'db.example.org' : 'www.example.org')]),
              },
              true,
            ),
          ],
        },
      ],
    }),
  ),
  secondNameNotPermitted: row(
    'The second of two names is not permitted',
    'name_not_permitted',
    permitted,
    (bad) => ({
      cas: [{ extensions: [permit(dns('example.org'))] }],
      leaf: { names: ['db.example.org', bad ? 'db.example.com' : 'www.example.org'] },
    }),
  ),
  nameConstraintDnsCase: row(
    'The excluded subtree is written in other letters than the name',
    'name_excluded',
    'RFC 5280 §7.2',
    (bad) => ({ cas: [{ extensions: [exclude(dns(bad ? 'EXAMPLE.org' : 'EXAMPLE.com'))] }] }),
  ),
  nameConstraintWithoutDot: row(
    'The name ends like the subtree, but within a label',
    'name_not_permitted',
    forms,
    (bad) => ({
      cas: [{ extensions: [permit(dns('example.org'))] }],
      leaf: { names: [bad ? 'badexample.org' : 'bad.example.org'] },
      given: anybody,
    }),
  ),
  wildcardInExcluded: row(
    'A wildcard stands for an excluded name',
    'name_excluded',
    forms,
    (bad) => ({
      cas: [{ extensions: [exclude(dns('www.example.org'))] }],
      leaf: { names: [bad ? '*.example.org' : 'db.example.org'] },
    }),
    'CVE-2025-61727 (Go)',
  ),
  wildcardWiderThanPermitted: row(
    'A wildcard stands for more than the permitted name',
    'name_not_permitted',
    forms,
    (bad) => ({
      cas: [{ extensions: [permit(dns('db.example.org'))] }],
      leaf: { names: [bad ? '*.example.org' : 'db.example.org'] },
    }),
  ),
  constraintOfUpperCa: row(
    'The first CA constrains, the second does not',
    'name_not_permitted',
    permitted,
    (bad) => ({ cas: [{ extensions: [permit(dns(bad ? 'example.com' : 'example.org'))] }, {}] }),
  ),
  constraintWidenedBelow: row(
    'The second CA permits itself what the first does not',
    'name_not_permitted',
    'RFC 5280 §6.1.4 (g)',
    (bad) => ({
      cas: [
        { extensions: [permit(dns(bad ? 'example.com' : 'example.org'))] },
        { extensions: [permit(dns('example.org'), dns('example.com'))] },
      ],
    }),
  ),
  constraintOfRoot: row(
    'The trust anchor constrains names',
    'name_not_permitted',
    'RFC 5937 §3.2',
    (bad) => ({ root: { extensions: [permit(dns(bad ? 'example.com' : 'example.org'))] } }),
  ),
  nothingPermitted: row('All DNS names are excluded, by an empty subtree', 'name_excluded', forms, (bad) => ({
    cas: [{ extensions: [exclude(bad ? dns('') : email('example.com'))] }],
  })),
  ipNotPermitted: row('The address is outside the permitted range', 'name_not_permitted', forms, (bad) => ({
    cas: [{ extensions: [permit(ip(10, 0, 0, 0, 255, 0, 0, 0))] }],
    leaf: { names: [ip(bad ? 11 : 10, 0, 0, 1)], subject: 'host' },
    given: anybody,
  })),
  ipExcluded: row('The address is in an excluded range', 'name_excluded', forms, (bad) => ({
    cas: [{ extensions: [exclude(ip(10, 0, 0, 0, 255, 0, 0, 0))] }],
    leaf: { names: [ip(bad ? 10 : 11, 0, 0, 1)], subject: 'host' },
    given: anybody,
  })),
  ipMaskNotWhole: row(
    'The mask ends within an octet, and the address differs in its last bit',
    'name_not_permitted',
    forms,
    (bad) => ({
      cas: [{ extensions: [permit(ip(10, 0, 0, 0, 255, 128, 0, 0))] }],
      leaf: { names: [ip(10, bad ? 128 : 127, 0, 1)], subject: 'host' },
      given: anybody,
    }),
  ),
  ipOfOtherVersion: row(
    'IPv4 addresses are permitted, so that no IPv6 address is',
    'name_not_permitted',
    forms,
    (bad) => ({
      cas: [{ extensions: [permit(ip(0, 0, 0, 0, 0, 0, 0, 0))] }],
      leaf: {
        names: [bad ? ip(...new Uint8Array(15), 1) : ip(127, 0, 0, 1)],
        subject: 'host',
      },
      given: anybody,
    }),
  ),
  emailNotPermitted: row('The mailbox is at another host', 'name_not_permitted', forms, (bad) => ({
    cas: [{ extensions: [permit(email('example.org'))] }],
    leaf: { names: [email(bad ? 'alice@example.com' : 'alice@example.org')] },
    given: anybody,
  })),
  emailBelowHost: row(
    'A host is permitted, and the mailbox is at one below it',
    'name_not_permitted',
    forms,
    (bad) => ({
      cas: [{ extensions: [permit(email('example.org'))] }],
      leaf: { names: [email(bad ? 'alice@mail.example.org' : 'alice@example.org')] },
      given: anybody,
    }),
  ),
  emailOtherMailbox: row('Another mailbox is permitted', 'name_not_permitted', forms, (bad) => ({
    cas: [{ extensions: [permit(email('alice@example.org'))] }],
    leaf: { names: [email(bad ? 'bob@example.org' : 'alice@example.org')] },
    given: anybody,
  })),
  emailInSubject: row(
    'The mailbox stands in the subject, where mail software reads it too',
    'name_not_permitted',
    forms,
    (bad) => ({
      cas: [{ extensions: [permit(email('example.org'))] }],
      leaf: {
        subject: { commonName: 'Alice', emailAddress: bad ? 'alice@example.com' : 'alice@example.org' },
        names: [],
      },
      given: anybody,
    }),
  ),
  uriNotPermitted: row('The URI is at another host', 'name_not_permitted', forms, (bad) => ({
    cas: [{ extensions: [permit(uri('.example.org'))] }],
    leaf: { names: [uri(bad ? 'https://a.example.com/' : 'https://a.example.org/')], subject: 'uri' },
    given: anybody,
  })),
  uriUserInfo: row(
    'The permitted host stands before the @ of the URI, where the user is',
    'name_not_permitted',
    'RFC 3986 §3.2.1',
    (bad) => ({
      cas: [{ extensions: [permit(uri('.example.org'))] }],
      leaf: {
        names: [uri(bad ? 'https://a.example.org@example.com/' : 'https://example.com@a.example.org/')],
        subject: 'uri',
      },
      given: anybody,
    }),
  ),
  uriWithoutHost: row(
    'URIs are constrained, and this one has no host',
    'name_constraint_unsupported',
    forms,
    (bad) => ({
      cas: [{ extensions: [permit(uri('.example.org'))] }],
      leaf: { names: [uri(bad ? 'urn:uuid:0' : 'https://a.example.org/')], subject: 'uri' },
      given: anybody,
    }),
  ),
  directoryNotPermitted: row(
    'The subject is of another organization',
    'name_not_permitted',
    forms,
    (bad) => ({
      cas: [{ extensions: [permit(directory('Example'))] }],
      leaf: { subject: { organization: bad ? 'Sample' : 'Example', commonName: 'db.example.org' } },
    }),
  ),
  directoryExcluded: row('The subject is in an excluded subtree', 'name_excluded', forms, (bad) => ({
    cas: [{ extensions: [exclude(directory(bad ? 'Example' : 'Sample'))] }],
    leaf: { subject: { organization: 'Example', commonName: 'db.example.org' } },
  })),
  directoryInOtherLetters: row(
    'The excluded organization is written in other letters and with another blank',
    'name_excluded',
    'RFC 5280 §7.1',
    (bad) => ({
      cas: [{ extensions: [exclude(directory(bad ? 'the  EXAMPLE' : 'the  SAMPLE'))] }],
      leaf: { subject: { organization: 'The Example', commonName: 'db.example.org' } },
    }),
  ),
  caNameNotPermitted: row(
    'The subject of a CA below is in no permitted subtree',
    'name_not_permitted',
    permitted,
    (bad) => ({
      cas: [
        { subject: { organization: 'Example' }, extensions: [permit(directory('Example'))] },
        { subject: { organization: bad ? 'Sample' : 'Example', commonName: 'Issuing' } },
      ],
      leaf: { subject: { organization: 'Example', commonName: 'db.example.org' } },
    }),
  ),
  constraintWithMinimum: row(
    'The subtree has a minimum, which nobody processes',
    'name_constraint_unsupported',
    forms,
    (bad) => ({
      cas: [
        {
          extensions: [
            extension(
              nameConstraints,
              {
                permitted: [{ base: dns('example.org'), minimum: bad ? 1 : 0, maximum: undefined }],
                excluded: [],
              },
              true,
            ),
          ],
        },
      ],
    }),
  ),
  constraintOfUnknownForm: row(
    'registeredIDs are constrained, which nobody compares, and the certificate has one',
    'name_constraint_unsupported',
    forms,
    (bad) => ({
      cas: [{ extensions: [permit({ type: 'registeredId', oid: '1.3.6.1.4.1.32473' })] }],
      leaf: {
        names: [
          'db.example.org',
          ...(bad ? [{ type: 'registeredId', oid: '1.3.6.1.4.1.32473.1' } as const] : []),
        ],
      },
    }),
  ),
})
