import type { Demonstration } from './demonstration.js'

export interface Ready extends Demonstration {
  readonly url: string
}

/** For programs: `certwright serve --json` prints this and nothing else. */
export function readyLine({ url, apiKey, workspaceId, rootCaId, issuingCaId }: Ready): string {
  return `${JSON.stringify({ url, apiKey, workspaceId, rootCaId, issuingCaId })}\n`
}

/** For people. Both commands can be pasted into a shell as they stand. */
export function startScreen(
  { url, apiKey, workspaceId, rootCaId, issuingCaId }: Ready,
  version: string,
): string {
  const body = JSON.stringify({
    caId: issuingCaId,
    commonName: 'db.example.org',
    sanDns: ['db.example.org'],
    validityDays: 90,
  })
  return `
Certwright ${version} is ready, with a demonstration authority.

  URL          ${url}
  API          ${url}/docs
  API key      ${apiKey}
  Workspace    ${workspaceId}
  Root CA      ${rootCaId}
  Issuing CA   ${issuingCaId}

Issue a certificate; its private key comes with it, once:

  curl -sS ${url}/v1/certificates \\
    -H 'Authorization: Bearer ${apiKey}' \\
    -H 'Content-Type: application/json' \\
    -d '${body}'

Fetch the root certificate, for the trust store of your clients:

  curl -sS ${url}/ca/${rootCaId} | openssl x509 -inform DER -out demo-root.pem

The store is in memory: when this process ends, the CAs, their keys and every certificate are gone.
Stop it with Ctrl-C.

`
}
