/** What `--help` prints. */
export const usage = {
  certwright: `Usage: certwright COMMAND [FLAGS]

Commands:
  serve             run a demonstration certificate authority behind the REST API
  inspect FILE...   show what is in certificates, requests, CRLs, OCSP messages and keys
  export            put a certificate, its key and its chain into PKCS#12, PKCS#7 or PEM

Flags:
  -h, --help        this text, or the flags of a command: certwright serve --help
      --version     the version`,

  serve: `Usage: certwright serve [FLAGS]

Starts the REST API over an authority in memory, with a root CA, an issuing CA and an API key for trying things out.
When the process ends, everything is gone.

Flags:
      --port PORT   0 to 65535; 0 takes any free port (default 8080)
      --host HOST   address or name to listen on (default 127.0.0.1)
      --json        print one line of JSON when ready, and nothing else on stdout
      --verbose     log each request to stderr, one line of JSON each
  -h, --help        this text`,

  inspect: `Usage: certwright inspect FILE... [FLAGS]

Shows what is in each FILE: certificates, certification requests, CRLs, OCSP requests and responses, public keys; PEM
with any mix of blocks, or DER. "-" reads standard input. Of a private key only the type is told.
Nothing is verified: no signature, no chain, no revocation.

Flags:
      --json        print one JSON document, { "items": [ … ] }
  -h, --help        this text

Exit code 1 when something could not be read; the rest is shown all the same.`,

  export: `Usage: certwright export --format FORMAT --out FILE [FLAGS]

Puts an issued certificate into the container that another program wants. Inputs are PEM.

Formats:
  p12   PKCS#12: key, certificate and chain under a password
  p7b   PKCS#7: certificate and chain
  pem   key (where given), certificate and chain, in the order that servers take
  key   the private key alone, as PKCS#8 under a password

Flags:
      --certificate FILE        the certificate
      --key FILE                its private key
      --chain FILE              the certificates of its issuers, in any order
      --password-file FILE      the password of what is made (p12, key)
      --key-password-file FILE  the password of --key, where that is encrypted
      --name NAME               what a reader of the PKCS#12 calls the entry
      --force                   overwrite FILE
  -h, --help                    this text

A file that holds a private key is made readable by its owner alone.`,
} as const
