import type { StorePlace } from '../store/place.js'
import type { Demonstration } from './demonstration.js'

export interface Ready {
  readonly url: string
  readonly publicUrl: string
  readonly place: StorePlace
  /** Where the key-encryption key comes from. */
  readonly keySource: string
  /** Absent where the store holds the CAs of somebody else. */
  readonly demonstration?: Demonstration | undefined
  /** Absent where it was shown at an earlier start, and kept nowhere. */
  readonly apiKey?: string | undefined
  /** Absent where OAuth is off. */
  readonly oauth?: { readonly signInUrl: string } | undefined
  readonly signInSecret?: string | undefined
}

/** For programs: `certwright serve --json` prints this and nothing else. What is absent is left out. */
export function readyLine({ url, apiKey, demonstration }: Ready): string {
  const { workspaceId, rootCaId, issuingCaId } = demonstration ?? {}
  return `${JSON.stringify({ url, apiKey, workspaceId, rootCaId, issuingCaId })}\n`
}

/** For people. The commands can be pasted into a shell as they stand. */
export function startScreen(ready: Ready, version: string): string {
  const parts = [
    `Certwright ${version} is ready${ready.demonstration ? ', with a demonstration authority' : ''}.`,
    table(ready),
    ...(ready.demonstration ? demonstrationParts(ready, ready.demonstration) : []),
    `${keepingSentence(ready)}\nStop it with Ctrl-C.`,
  ]
  return `\n${parts.join('\n\n')}\n\n`
}

function table({ url, publicUrl, apiKey, demonstration, oauth, signInSecret }: Ready): string {
  const rows: [string, string | undefined][] = [
    ['URL', url],
    ['Public URL', publicUrl === url ? undefined : publicUrl],
    ['API', `${url}/docs`],
    [
      'API key',
      apiKey ?? (demonstration && 'shown at the first start; another one comes with --new-api-key'),
    ],
    ['Sign in', oauth?.signInUrl],
    ['  with', signInSecret],
    ['Workspace', demonstration?.workspaceId],
    ['Root CA', demonstration?.rootCaId],
    ['Issuing CA', demonstration?.issuingCaId],
  ]
  return rows
    .flatMap(([name, value]) => (value === undefined ? [] : `  ${name.padEnd(13)}${value}`))
    .join('\n')
}

function demonstrationParts(
  { url, apiKey }: Ready,
  { rootCaId, issuingCaId }: Demonstration,
): readonly string[] {
  const body = JSON.stringify({
    caId: issuingCaId,
    commonName: 'db.example.org',
    sanDns: ['db.example.org'],
    validityDays: 90,
  })
  return [
    'Issue a certificate; its private key comes with it, once:',
    `  curl -sS ${url}/v1/certificates \\
    -H 'Authorization: Bearer ${apiKey ?? '<API key>'}' \\
    -H 'Content-Type: application/json' \\
    -d '${body}'`,
    'Fetch the root certificate, for the trust store of your clients:',
    `  curl -sS ${url}/ca/${rootCaId} | openssl x509 -inform DER -out demo-root.pem`,
  ]
}

function keepingSentence({ place, keySource }: Ready): string {
  if (place.kind === 'memory') {
    return 'The store is in memory: when this process ends, the CAs, their keys and every certificate are gone.'
  }
  const where = place.kind === 'folder' ? place.path : 'the database'
  return `Everything is kept in ${where}; the CA keys there are sealed, and open with ${keySource}.\nBack up both, apart from each other.`
}
