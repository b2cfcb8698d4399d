import { pemEncode } from '@certwright/core'
import type { GeneratedChain } from '@certwright/testing/arbitraries'
import { askOpenssl, attime } from '../../judges/openssl.js'
import type { Judge } from './judge.js'

/** `openssl verify` with every rule on. It asks no OCSP responder. */
export const createOpensslJudge = async (): Promise<Judge> => ({
  name: 'OpenSSL',
  version: (await askOpenssl(['version'])).text.split(' ')[1] ?? 'unknown',
  limits: {},
  checksIdentity: true,
  canJudge: ({ model }) => model.revocation !== 'ocsp',
  judge: async (chain) => (await askOpenssl(argumentsFor(chain), filesOf(chain))).accepted,
})

function argumentsFor({ question }: GeneratedChain): readonly string[] {
  const { identity, at, crls, checkRevocation, intermediates } = question
  return [
    'verify',
    '-x509_strict',
    ...attime(at),
    '-auth_level',
    '2',
    '-purpose',
    'sslserver',
    '-policy_check',
    // anyPolicy: RFC 5280 §6.1.1 (c), where nobody has a policy in mind. Without it no policy will do.
    '-policy',
    '2.5.29.32.0',
    identity.type === 'dns' ? '-verify_hostname' : '-verify_ip',
    identity.value,
    '-no-CApath',
    '-no-CAstore',
    '-CAfile',
    'anchors.pem',
    ...(intermediates.length > 0 ? ['-untrusted', 'between.pem'] : []),
    ...(checkRevocation ? ['-crl_check_all', '-extended_crl', '-use_deltas'] : []),
    ...(checkRevocation && crls.length > 0 ? ['-CRLfile', 'crls.pem'] : []),
    'certificate.pem',
  ]
}

const filesOf = ({ question }: GeneratedChain) => ({
  'certificate.pem': pem([question.certificate]),
  'between.pem': pem(question.intermediates),
  'anchors.pem': pem(question.trustAnchors),
  'crls.pem': question.crls.map((der) => pemEncode('X509 CRL', der)).join(''),
})

const pem = (list: readonly Uint8Array[]): string => list.map((der) => pemEncode('CERTIFICATE', der)).join('')
