import { pathToFileURL } from 'node:url'
import { verifyCertificate } from '@certwright/core/path'

/** Whether a server may be talked to under this name; where not, one sentence with the clause. */
export async function explain(chainPem: readonly string[], rootPem: string, host: string): Promise<string> {
  const [certificate = '', ...intermediates] = chainPem
  const verdict = await verifyCertificate({
    certificate,
    intermediates,
    trustAnchors: [rootPem],
    at: new Date(),
    purpose: 'serverAuth',
    identity: { type: 'dns', value: host },
  })
  if (verdict.ok) return `valid over ${verdict.path.length} certificates`
  const [fault] = verdict.faults
  return `refused: ${fault?.message} (${fault?.clause})`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { readFileSync } = await import('node:fs')
  const [, , chainFile = 'chain.pem', rootFile = 'root.pem', host = 'localhost'] = process.argv
  const chain = readFileSync(chainFile, 'utf8').match(/-----BEGIN[^]*?-----END CERTIFICATE-----/g) ?? []
  console.log(await explain(chain, readFileSync(rootFile, 'utf8'), host))
}
