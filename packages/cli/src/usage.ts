/** What `--help` prints. */
export const usage = {
  certwright: `Usage: certwright COMMAND [FLAGS]

Commands:
  serve             run a certificate authority behind the REST API
  doctor            check every invariant of a store, and say what is wrong
  mcp               let an AI agent use the authority, over stdin and stdout
  migrate           prepare a Postgres database, or show the SQL
  keys              make, list, rename, rotate, expire and revoke API keys
  clients           make, list, rotate and delete confidential OAuth clients
  archive           move certificates that have expired out of a store, into a file
  inspect FILE...   show what is in certificates, requests, CRLs, OCSP messages and keys
  verify FILE       build and validate the path of a certificate, and explain the verdict
  replay FILE       live through a trace of the test kit again, and compare every answer
  export            put a certificate, its key and its chain into PKCS#12, PKCS#7 or PEM

Flags:
  -h, --help        this text, or the flags of a command: certwright serve --help
      --version     the version`,

  serve: `Usage: certwright serve [FLAGS]

Starts the REST API over an authority that keeps its data in a folder. The first start makes a root CA, an issuing CA and
an API key for trying things out; each later one goes on with what is there, also after a crash.

Where the data is (one of them):
      --data DIR        a folder, made where it is missing (default ./certwright-data)
      --database URL    a Postgres database that "certwright migrate" has prepared
      --memory          nowhere: when the process ends, everything is gone

The CA keys are sealed under a key-encryption key: 32 octets in hex or base64.
      --key-file FILE   its file (default: DIR.key beside the folder, made at the first start)
                        or the environment variable CERTWRIGHT_KEY

The environment variable CERTWRIGHT_METRICS_TOKEN, where it is set, opens /metrics to a Prometheus that sends it.

Flags:
      --port PORT       0 to 65535; 0 takes any free port (default 8080)
      --host HOST       address or name to listen on (default 127.0.0.1)
      --public-url URL  written into certificates, for CRLs, OCSP and issuers (default: where it listens)
      --oauth-issuer URL
                        where OAuth clients reach the server, https (default: where it listens)
      --request-limit N, --issue-limit N
                        a minute and credential (default 600, and 120 to issue and renew)
      --new-api-key     make another API key for the demonstration, and show it
      --json            print one line of JSON when ready, and nothing else on stdout
      --verbose         log each request to stderr, one line of JSON each
  -h, --help            this text`,

  doctor: `Usage: certwright doctor [--data DIR | --database URL] [FLAGS]

Reads a whole store and checks that each CA has its key, each certificate its reservation and its issuer's signature, each
CRL what the status log says, and so on. Nothing is written, and no key signs. It may run beside a server; what changes
while it looks may then be reported, and is gone when it looks again.

Flags:
      --data DIR        the folder of the store (default ./certwright-data)
      --database URL    the Postgres database of the store
      --key-file FILE   the key-encryption key (default: DIR.key, or CERTWRIGHT_KEY)
      --json            print one JSON document, { "ok": …, "findings": [ … ] }
  -h, --help            this text

Exit code 0 when nothing is wrong, 1 when something is or the store cannot be read. What a crash has left open is listed,
and is not wrong.`,

  mcp: `Usage: certwright mcp [--data DIR | --database URL] [FLAGS]

Serves the Model Context Protocol over standard input and output, for an agent that starts this command. The agent has the
rights of an API key and no more: the one in the environment variable CERTWRIGHT_API_KEY, else that of the demonstration.
A server may run on the same store.

Flags:
      --data DIR              the folder of the store (default ./certwright-data)
      --database URL          the Postgres database of the store
      --key-file FILE         the key-encryption key (default: DIR.key, or CERTWRIGHT_KEY)
      --public-url URL        written into certificates, for CRLs, OCSP and issuers; that of the server (default: none)
      --allow-private-keys    offer also the tools that make a key pair and show the private key to the agent
  -h, --help                  this text`,

  migrate: `Usage: certwright migrate --database URL [FLAGS]

Brings the schema of a Postgres database to this version. Several processes may do so at once. The embedded store needs
none of this: "certwright serve" does it.

Flags:
      --database URL    postgres://user@host:5432/name; the password may be in PGPASSWORD
      --dry-run         print the SQL that would be run, and change nothing
  -h, --help            this text`,

  keys: `Usage: certwright keys SUBCOMMAND [--data DIR | --database URL] [FLAGS]

The API keys of a store. A secret is shown once, when the key is made or rotated. A change counts at once, also in servers
that run over the same store.

Subcommands:
  list           --workspace ID|SLUG and --user ID choose; --revoked shows those too
  create         --workspace ID|SLUG --user ID --name NAME --cas ID,ID,…
                 --rights read,issue,revoke   on each of the CAs (default: all three; less needs the pro plan)
                 --expires TIME
  rename ID      --name NAME
  rotate ID      a new secret; --overlap SECONDS lets the one before go on to work (default 0)
  expire ID      --at TIME, or --at never
  revoke ID      for good

Flags:
      --data DIR        the folder of the store (default ./certwright-data)
      --database URL    the Postgres database of the store
      --json            print one JSON document
  -h, --help            this text

TIME is in UTC, as in 2027-01-01 or 2027-01-01T12:00:00Z.`,

  clients: `Usage: certwright clients SUBCOMMAND [--data DIR | --database URL] [FLAGS]

The OAuth clients of a store. A secret is shown once, when the client is made or its secret rotated.

Subcommands:
  list           --workspace ID|SLUG and --kind confidential|public choose
  create         a confidential one: --workspace ID|SLUG --user ID --name NAME --redirect-uris URI,URI,…
  rotate ID      a new secret; the one before is dead at once
  delete ID      with all of its grants

Flags:
      --data DIR        the folder of the store (default ./certwright-data)
      --database URL    the Postgres database of the store
      --json            print one JSON document
  -h, --help            this text`,

  archive: `Usage: certwright archive --expired-before TIME --out FILE [--data DIR | --database URL] [FLAGS]

Appends the certificates that expired before TIME to FILE, one line of JSON each, and takes them out of the store. A batch is
on disk before the store forgets it; a run that is cut off is made again and goes on, and a certificate may then be in FILE
twice. Serial numbers and revocations stay in the store: CRLs and OCSP say what they said. Certificates of CAs stay, too. A
server may run on the same store.

Flags:
      --expired-before TIME   two days ago or earlier, in UTC, as in 2027-01-01 or 2027-01-01T12:00:00Z
      --out FILE              made where it is missing
      --data DIR              the folder of the store (default ./certwright-data)
      --database URL          the Postgres database of the store
      --json                  print one JSON document, { "archived": … }
  -h, --help                  this text`,

  inspect: `Usage: certwright inspect FILE... [FLAGS]

Shows what is in each FILE: certificates, certification requests, CRLs, OCSP requests and responses, public keys; PEM
with any mix of blocks, or DER. "-" reads standard input. Of a private key only the type is told.
Nothing is verified: no signature, no chain, no revocation.

Flags:
      --json        print one JSON document, { "items": [ … ] }
  -h, --help        this text

Exit code 1 when something could not be read; the rest is shown all the same.`,

  verify: `Usage: certwright verify FILE --anchors FILE [FLAGS]

Builds a path from the first certificate in FILE to a trust anchor and validates it (RFC 5280, RFC 9525). Every path that
was tried is shown with its first fault. Inputs are PEM or DER; nothing is fetched.

Flags:
      --anchors FILE        the certificates of the CAs that are trusted
      --intermediates FILE  others that may be on the path, besides those behind the first in FILE
      --name NAME           the host, address, mailbox or URI that is expected
      --purpose PURPOSE     serverAuth, clientAuth, …, an OID, or any (default: serverAuth with --name, else any)
      --crls FILE           CRLs, delta CRLs among them; every certificate must then be known not to be revoked
      --ocsp FILE           an OCSP response, DER; likewise
      --soft-fail           with --crls or --ocsp: only a certificate that is known to be revoked is refused
      --at TIME             the time of validation, as in 2026-03-01T12:00:00Z (default: now)
      --profile PROFILE     rfc5280 (default), or webpki: what CA/Browser Forum asks besides
      --strict              refuse also what RFC 5280 forbids CAs to issue
      --json                print one JSON document, { "ok": …, "faults": [ … ], "tried": [ … ] }
  -h, --help                this text

Exit code 0 for a valid certificate, 1 for one that is not, 2 when the command is not understood.`,

  replay: `Usage: certwright replay FILE [--json]

Lives through the history of a seeded authority again, as "recordTrace" of @certwright/testing wrote it down: the same calls
at the same times over a new store in memory. FILE is the trace, or the output of a test that ends with one.

Flags:
      --json        print one JSON document, { "calls": …, "difference": … }
  -h, --help        this text

Exit code 0 when every answer is the same, byte for byte; 1 at the first that differs, which is shown.`,

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
