import * as fc from 'fast-check'
import { createName, type GeneralName, type Name, type NameFields } from '@certwright/core'

/** A host name of RFC 1123 in lower case: 2 to 4 labels, 63 octets at most. Shrinks towards `a.a`. */
export const hostName = (): fc.Arbitrary<string> =>
  fc
    .array(fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/), { minLength: 2, maxLength: 4 })
    .map((labels) => labels.join('.'))

/** A wildcard for one label, with two labels behind it at least (RFC 9525 §6.3). */
export const wildcard = (): fc.Arbitrary<string> => hostName().map((host) => `*.${host}`)

/** 4 or 16 octets. */
export const ipAddress = (): fc.Arbitrary<Uint8Array> =>
  fc.oneof({ withCrossShrink: true }, octets(4), octets(16))

const octets = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })

/** `local@host`, in ASCII (RFC 5280 §4.2.1.6). */
export const mailbox = (): fc.Arbitrary<string> =>
  fc.tuple(fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/), hostName()).map(([local, host]) => `${local}@${host}`)

/** A subject alternative name of the four kinds that are in use. */
export const subjectAltNameOf = (): fc.Arbitrary<GeneralName> =>
  fc.oneof(
    { withCrossShrink: true },
    fc.oneof(hostName(), wildcard()).map((value): GeneralName => ({ type: 'dns', value })),
    ipAddress().map((address): GeneralName => ({ type: 'ip', address })),
    mailbox().map((value): GeneralName => ({ type: 'email', value })),
    hostName().map((host): GeneralName => ({ type: 'uri', value: `https://${host}/` })),
  )

/** Texts that a name may have: letters of several scripts, and what is escaped in RFC 4514. */
const text = (): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom('a', 'B', '1', ' ', ',', '+', 'ü', '北'), minLength: 1, maxLength: 12 })
    .map(
      // Leading and trailing spaces do not count (RFC 5280 §7.1), and a name of spaces alone is none.
      (value) => value.trim() || 'a',
    )

/** A distinguished name: a common name, and at times a country, an organization, domain components. */
export const distinguishedName = (): fc.Arbitrary<Name> =>
  fc
    .record(
      {
        commonName: text(),
        country: fc.constantFrom('DE', 'CH', 'JP'),
        organization: text(),
        organizationalUnit: text(),
        domainComponent: fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 3 }),
      },
      { requiredKeys: ['commonName'] },
    )
    .map((fields: NameFields) => createName(fields))
