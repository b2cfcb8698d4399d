import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { catalogue } from '@certwright/testing'
import { expect, it } from 'vitest'

/* docs/catalogue.md is made here: `npm run docs:catalogue` writes it anew. */

const page = join(fileURLToPath(new URL('../../', import.meta.url)), 'docs/catalogue.md')

const topics = [...new Set(catalogue.map(({ topic }) => topic))]

const section = (topic: string): string =>
  [
    `## ${topic}`,
    '',
    '| name | what is wrong | a correct validator finds | by | seen in |',
    '|---|---|---|---|---|',
    ...catalogue
      .filter((one) => one.topic === topic)
      .map(({ name, title, fault, clause, seenIn = '' }) => {
        return `| \`${name}\` | ${title} | \`${fault}\` | ${clause} | ${seenIn} |`
      }),
    '',
  ].join('\n')

const introduction = `# The catalogue: ${catalogue.length} ways to be wrong

Each is \`bad.NAME\` of \`@certwright/testing\`: \`make()\` gives the chain, the time, the name that was asked for, the CRLs and
OCSP responses, all in DER and the same bytes each time; \`makeTwin()\` gives the valid one that differs in that point alone.
What is found is one of the codes of [validation](validation.md). A rule of CAs that RFC 5280 lets relying parties pass over
is found with \`strict\`, one of the CA/Browser Forum with the profile \`webpki\`: the case says so itself. What OpenSSL makes of
each is in [the tests](../test/testing/catalogue-openssl.test.ts).

Made from the code by \`npm run docs:catalogue\`.
`

it('docs/catalogue.md says what the code says (npm run docs:catalogue)', async () => {
  await expect([introduction, ...topics.map(section)].join('\n')).toMatchFileSnapshot(page)
})
