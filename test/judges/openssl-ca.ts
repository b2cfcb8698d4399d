import { type CommonKeyAlgorithm, opensslKey } from './csr.js'
import { opensslMakes } from './openssl.js'

/** A CA that openssl has made, with its key in PEM (PKCS#8). */
export interface OpensslCa {
  readonly certificateDer: Uint8Array
  readonly certificatePem: string
  readonly keyPem: string
}

/** Fixed, unlike what `-days` gives. */
const validity = ['-startdate', '20260101000000Z', '-enddate', '20351231235959Z']

const configuration = `
[req]
distinguished_name = name
[name]
[ca]
default_ca = ours
[ours]
database = index.txt
new_certs_dir = .
rand_serial = yes
policy = any
unique_subject = no
email_in_dn = no
[any]
organizationName = optional
commonName = supplied
`

const caExtensions = `
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign, digitalSignature
subjectKeyIdentifier = hash
`

/** What every command finds. */
const start = { 'openssl.cnf': configuration, 'index.txt': '' }

/** @param extensions lines of an extension section, beside those that every CA has */
export async function opensslRoot(key: CommonKeyAlgorithm, extensions = ''): Promise<OpensslCa> {
  const made = await opensslMakes(
    ['ca.pem', 'ca.der', 'ca.key'],
    [
      [
        'req',
        '-new',
        '-config',
        'openssl.cnf',
        '-nodes',
        ...opensslKey(key),
        '-keyout',
        'ca.key',
        '-out',
        'ca.csr',
        '-subj',
        '/O=Elsewhere/CN=Imported CA',
      ],
      [
        'ca',
        '-batch',
        '-config',
        'openssl.cnf',
        '-selfsign',
        '-keyfile',
        'ca.key',
        '-in',
        'ca.csr',
        '-out',
        'ca.pem',
        '-notext',
        '-md',
        digestFor(key),
        ...validity,
        '-extfile',
        'ca.ext',
      ],
      ['x509', '-in', 'ca.pem', '-outform', 'DER', '-out', 'ca.der'],
    ],
    { ...start, 'ca.ext': `${caExtensions}${extensions}\n` },
  )
  return {
    certificateDer: made['ca.der'],
    certificatePem: text(made['ca.pem']),
    keyPem: text(made['ca.key']),
  }
}

/** A certificate below such a CA, for which nobody asks whether it may be issued. @returns DER */
export async function opensslIssues(
  ca: OpensslCa,
  key: CommonKeyAlgorithm,
  { commonName, extensions }: { readonly commonName: string; readonly extensions: string },
): Promise<{ readonly certificateDer: Uint8Array; readonly keyPem: string }> {
  const made = await opensslMakes(
    ['c.der', 'c.key'],
    [
      [
        'req',
        '-new',
        '-config',
        'openssl.cnf',
        '-nodes',
        ...opensslKey(key),
        '-keyout',
        'c.key',
        '-out',
        'c.csr',
        '-subj',
        `/CN=${commonName}`,
      ],
      [
        'ca',
        '-batch',
        '-config',
        'openssl.cnf',
        '-cert',
        'ca.pem',
        '-keyfile',
        'ca.key',
        '-in',
        'c.csr',
        '-out',
        'c.pem',
        '-notext',
        '-md',
        'sha256',
        ...validity,
        '-extfile',
        'c.ext',
      ],
      ['x509', '-in', 'c.pem', '-outform', 'DER', '-out', 'c.der'],
    ],
    {
      ...start,
      'ca.pem': ca.certificatePem,
      'ca.key': ca.keyPem,
      'c.ext': `authorityKeyIdentifier = keyid\nsubjectKeyIdentifier = hash\n${extensions}\n`,
    },
  )
  return { certificateDer: made['c.der'], keyPem: text(made['c.key']) }
}

/** The lines that make an intermediate of what `opensslIssues` makes. */
export const intermediateExtensions =
  'basicConstraints = critical, CA:TRUE, pathlen:0\nkeyUsage = critical, keyCertSign, cRLSign, digitalSignature'

const digestFor = (key: CommonKeyAlgorithm): string => (key === 'Ed25519' ? 'null' : 'sha256')

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
