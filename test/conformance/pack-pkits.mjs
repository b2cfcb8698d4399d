// Makes a pack of NIST's PKITS out of the fixtures of pyhanko-certvalidator (its source distribution, from 0.33 on, folder
// tests/fixtures/nist_pkits), which has the certificates, the lists, and what each test expects as data:
//
//   node test/conformance/pack-pkits.mjs FIXTURES PACKS && npm run conformance -- --packs PACKS pkits
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const [fixtures, packs] = process.argv.slice(2)
if (fixtures === undefined || packs === undefined) {
  process.stderr.write('usage: node test/conformance/pack-pkits.mjs FIXTURES PACKS\n')
  process.exit(2)
}

/** @param {string} file PEM or DER @returns {string} base64 */
function derOf(file) {
  const bytes = readFileSync(join(fixtures ?? '', file))
  const pem = /-----BEGIN [^-]+-----([^-]+)-----END/.exec(bytes.toString('latin1'))
  return pem?.[1]?.replace(/\s/g, '') ?? bytes.toString('base64')
}

/** @param {string} name */
const certificate = (name) => derOf(`certs/${name}`)
/** @param {string} name */
const list = (name) => derOf(`crls/${name}`)

/** The tests are valid from 2010 to 2030. */
const time = '2022-05-01T00:00:00Z'

/**
 * @param {any} test
 * @param {number} i
 */
function caseOf(test, i) {
  const { params, other_certs: intermediates = [], crls = [] } = test
  return {
    id: `pkits::${test.id}::${test.name}::${i}`,
    description: test.name,
    kind: 'path',
    inputs: {
      trusted: [certificate('TrustAnchorRootCertificate.crt')],
      intermediates: intermediates.map(certificate),
      leaf: certificate(test.cert),
      crls: ['TrustAnchorRootCRL.crl', ...crls].map(list),
    },
    time,
    params: {
      purpose: 'any',
      peer: null,
      revocation: 'hard-fail',
      anchorMode: 'anchor',
      initialPolicySet: (params?.user_initial_policy_set ?? []).filter(
        (/** @type {string} */ oid) => oid !== 'any_policy',
      ),
      initialExplicitPolicy: params?.initial_explicit_policy ?? false,
      initialPolicyMappingInhibit: params?.initial_policy_mapping_inhibit ?? false,
      initialAnyPolicyInhibit: params?.initial_any_policy_inhibit ?? false,
    },
    expected: { result: test.error === undefined ? 'valid' : 'invalid' },
    features: [],
    source: 'NIST PKITS, as data in pyhanko-certvalidator',
  }
}

/** @type {unknown[]} */
const tests = JSON.parse(readFileSync(join(fixtures, 'pkits.json'), 'utf8'))
const cases = tests.map(caseOf)
const folder = join(packs, 'pkits')
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'cases.ndjson.gz'), gzipSync(cases.map((one) => JSON.stringify(one)).join('\n')))
const manifest = {
  format: 'pki-conformance-pack/1',
  name: 'pkits',
  title: 'NIST PKITS',
  cases: cases.length,
  kinds: ['path'],
  file: 'cases.ndjson.gz',
}
writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
