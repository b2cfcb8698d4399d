import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newFolder, serveJson, start } from './running-command.js'

/* What relying parties ask of `certwright serve`, asked by their own programs. */

const run = (program: string, args: readonly string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** Why curl cannot be asked; `undefined`: it can. */
function missingCurl(): string | undefined {
  try {
    run('curl', ['--version'])
    return undefined
  } catch {
    return 'no curl'
  }
}

const missing = missingCurl()

it('a real `openssl ocsp` hears of a revocation, at the address in the certificate', async () => {
  const { ready } = await serveJson(['--memory'])
  const folder = newFolder()
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${ready['apiKey']}`, 'content-type': 'application/json' }
    const response = await fetch(`${ready['url']}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(await response.text())
    return (await response.json()) as { certificate: { id: string; certificate_pem: string } }
  }
  const { certificate } = await post('/v1/certificates', {
    caId: ready['issuingCaId'],
    commonName: 'db.example.org',
  })
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const leaf = file('leaf.pem', certificate.certificate_pem)
  const pemOfCa = async (id: string | undefined): Promise<string> => {
    const der = Buffer.from(await (await fetch(`${ready['url']}/ca/${id}`)).arrayBuffer())
    return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`
  }
  const issuer = file('issuer.pem', await pemOfCa(ready['issuingCaId']))
  const root = file('root.pem', await pemOfCa(ready['rootCaId']))
  const url = run('openssl', ['x509', '-in', leaf, '-noout', '-ocsp_uri']).trim()
  const ask = (): string =>
    run('openssl', ['ocsp', '-issuer', issuer, '-cert', leaf, '-CAfile', root, '-url', url])
  expect(ask()).toContain(`${leaf}: good`)
  await post(`/v1/certificates/${certificate.id}/revoke`, { reason: 'certificateHold' })
  expect(ask()).toContain(`${leaf}: revoked`)
  await post(`/v1/certificates/${certificate.id}/release`, {})
  expect(ask()).toContain(`${leaf}: good`)
})

it('/metrics is there where its token is given, for who sends it', async () => {
  const token = 'c2NyYXBlLW1lLWlmLXlvdS1jYW4='
  const { ready } = await serveJson(['--memory'], { env: { CERTWRIGHT_METRICS_TOKEN: token } })
  const scrape = (authorization: string) => fetch(`${ready['url']}/metrics`, { headers: { authorization } })
  expect((await scrape(`Bearer ${ready['apiKey']}`)).status).toBe(401)
  const text = await (await scrape(`Bearer ${token}`)).text()
  expect(text).toContain(`certwright_crl_missing_entries{ca="${ready['issuingCaId']}",scope="complete"} 0`)
})

it.each(['', 'too-short'])('a metrics token like %j is refused, with what to do', async (token) => {
  const { ended } = start(['serve', '--memory'], { env: { CERTWRIGHT_METRICS_TOKEN: token } })
  expect(await ended).toMatchObject({ code: 2, stderr: expect.stringContaining('at least 16 characters') })
})

it.skipIf(missing !== undefined)(
  `a real curl downloads a CRL once, and again when there is another${missing === undefined ? '' : ` (${missing})`}`,
  async () => {
    const { ready } = await serveJson(['--memory'])
    const folder = newFolder()
    const [list, tag] = [join(folder, 'ca.crl'), join(folder, 'etag')]
    const url = `${ready['url']}/crl/${ready['issuingCaId']}`
    const fetchAgain = (): string =>
      run(
        'curl',
        `-sS --compressed -o ${list} -w %{http_code} --etag-compare ${tag} --etag-save ${tag} ${url}`.split(
          ' ',
        ),
      )
    expect(fetchAgain()).toBe('200')
    const first = readFileSync(list)
    expect(run('openssl', ['crl', '-inform', 'DER', '-in', list, '-noout', '-crlnumber'])).toContain(
      'crlNumber=',
    )
    expect(fetchAgain()).toBe('304')
    expect(readFileSync(list)).toEqual(first)
    expect(run('curl', ['-sS', '-o', '/dev/null', '-w', '%{http_code}', '-z', list, url])).toBe('304')
    expect(run('curl', ['-sS', '-r', '0-9', '-o', list, '-w', '%{http_code}', url])).toBe('206')
    expect(readFileSync(list)).toEqual(first.subarray(0, 10))
  },
)
