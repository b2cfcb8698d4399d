import { pemEncode } from '@certwright/core'
import type { ServiceIdentity } from '@certwright/core/path'
import type { ValidationCase } from '@certwright/testing'
import { askOpenssl, attime, type Files } from '../judges/openssl.js'
import { certificatesPem } from '../judges/verify-path.js'

/*
 * The questions of the catalogue in the words of `openssl verify`, and of `openssl ocsp` for responses. Where OpenSSL has
 * no word for a part of the question, it is left out, and the disagreement is in the table of the test.
 */

export async function opensslValidates(asked: ValidationCase): Promise<boolean> {
  const [response] = asked.ocspResponses ?? []
  return response === undefined ? verifies(asked) : believes(asked, response)
}

const bundles = (asked: ValidationCase): Files => ({
  'certificate.pem': certificatesPem([asked.certificate]),
  'anchors.pem': certificatesPem(asked.trustAnchors),
  'between.pem': certificatesPem(asked.intermediates),
  'crls.pem': (asked.crls ?? []).map((der) => pemEncode('X509 CRL', der)).join(''),
})

async function verifies(asked: ValidationCase): Promise<boolean> {
  const { crls, trustAnchors, intermediates, maximumDepth, at, strict = false } = asked
  const args = [
    'verify',
    ...attime(at),
    '-no-CApath',
    '-no-CAstore',
    // 112 bits, as SP 800-131A has it.
    '-auth_level',
    '2',
    ...(strict ? ['-x509_strict'] : []),
    ...(trustAnchors.length > 0 ? ['-CAfile', 'anchors.pem'] : ['-no-CAfile']),
    ...(intermediates.length > 0 ? ['-untrusted', 'between.pem'] : []),
    ...(maximumDepth === undefined ? [] : ['-verify_depth', String(maximumDepth)]),
    ...(asked.purpose === undefined ? ['-purpose', 'sslserver'] : []),
    ...identityOptions(asked.identity),
    ...policyOptions(asked.policies),
    ...(crls === undefined ? [] : ['-crl_check_all', '-extended_crl', '-use_deltas', '-CRLfile', 'crls.pem']),
    'certificate.pem',
  ]
  return (await askOpenssl(args, bundles(asked))).accepted
}

function identityOptions(identity: ValidationCase['identity']): readonly string[] {
  if (identity === undefined || Array.isArray(identity)) return []
  const { type, value } = identity as ServiceIdentity
  const options = { dns: '-verify_hostname', ip: '-verify_ip', email: '-verify_email', uri: undefined }
  const option = options[type]
  return option === undefined ? [] : [option, value]
}

function policyOptions(policies: ValidationCase['policies'] = {}): readonly string[] {
  // Without a name OpenSSL takes none, where RFC 5280 §6.1.1 (c) has any-policy.
  const { initialSet = ['2.5.29.32.0'], requireExplicit, inhibitMapping, inhibitAny } = policies
  return [
    '-policy_check',
    ...initialSet.flatMap((oid) => ['-policy', oid]),
    ...(requireExplicit === true ? ['-explicit_policy'] : []),
    ...(inhibitMapping === true ? ['-inhibit_map'] : []),
    ...(inhibitAny === true ? ['-inhibit_any'] : []),
  ]
}

async function believes(asked: ValidationCase, response: Uint8Array): Promise<boolean> {
  const args = [
    'ocsp',
    '-respin',
    'response.der',
    '-issuer',
    'between.pem',
    '-cert',
    'certificate.pem',
    '-no_nonce',
    '-CAfile',
    'anchors.pem',
    '-verify_other',
    'between.pem',
    ...attime(asked.at),
    // It compares with the clock of the machine: the tolerance takes the whole lifetime of this test in.
    '-validity_period',
    String(2 ** 31 - 1),
  ]
  const { text } = await askOpenssl(args, { ...bundles(asked), 'response.der': response })
  return text.includes('Response verify OK') && text.includes('certificate.pem: good')
}
