import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { serve, serveJson, start } from './running-command.js'

/** Send the head of an issue request; its body is for the caller to send. */
async function beginIssuing(ready: Record<string, string>, body: string) {
  const { hostname, port, host } = new URL(ready['url']!)
  const socket = connect({ host: hostname, port: Number(port) })
  let answer = ''
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text))
  const head = [
    'POST /v1/certificates HTTP/1.1',
    `Host: ${host}`,
    `Authorization: Bearer ${ready['apiKey']}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    // The server says that it has read the head: from here on the request is running.
    'Expect: 100-continue',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  await once(socket, 'data')
  return async () => {
    socket.write(body)
    await once(socket, 'close')
    return answer
  }
}

function refusesConnections(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) })
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true))
    socket.once('connect', () => socket.destroy())
  })
}

describe('certwright serve --json', () => {
  it('prints one line when it is ready, issues a certificate, and ends with 0 on SIGTERM', async () => {
    const { child, ready, ended } = await serveJson(['--memory'])
    expect(Object.keys(ready)).toEqual(['url', 'apiKey', 'workspaceId', 'rootCaId', 'issuingCaId'])
    expect(ready['url']).toMatch(/^http:\/\/127\.0\.0\.1:[0-9]+$/)
    expect(ready['apiKey']).toMatch(/^cm_/)

    const response = await fetch(`${ready['url']}/v1/certificates`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ready['apiKey']}`, 'content-type': 'application/json' },
      body: JSON.stringify({ caId: ready['issuingCaId'], commonName: 'db.example.org' }),
    })
    expect(response.status).toBe(200)
    const answer = (await response.json()) as { certificate: { certificate_pem: string } }
    const certificate = new X509Certificate(answer.certificate.certificate_pem)
    expect(certificate.subjectAltName).toBe('DNS:db.example.org')
    expect(certificate.infoAccess).toContain(`${ready['url']}/ca/${ready['issuingCaId']}`)

    child.kill('SIGTERM')
    const { code, stdout, stderr } = await ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toBe(`${JSON.stringify(ready)}\n`)
  })

  it('has made a root, an issuing CA of path length 0, and a key with every right on both', async () => {
    const { ready } = await serveJson(['--memory'])
    const get = (path: string) =>
      fetch(`${ready['url']}${path}`, { headers: { authorization: `Bearer ${ready['apiKey']}` } })
    const { workspace, permissions } = (await (await get('/v1/whoami')).json()) as {
      workspace: { id: string }
      permissions: Record<string, unknown>
    }
    const rights = { canRead: true, canIssue: true, canRevoke: true }
    expect(workspace.id).toBe(ready['workspaceId'])
    expect(permissions).toEqual({ [ready['rootCaId']!]: rights, [ready['issuingCaId']!]: rights })

    const certificateOf = async (id: string) =>
      new X509Certificate(Buffer.from(await (await get(`/ca/${id}`)).arrayBuffer()))
    const root = await certificateOf(ready['rootCaId']!)
    const issuing = await certificateOf(ready['issuingCaId']!)
    expect(root.subject).toContain('CN=Demo Root CA')
    expect(root.publicKey.asymmetricKeyDetails?.namedCurve).toBe('secp384r1')
    expect(issuing.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1')
    expect(issuing.verify(root.publicKey)).toBe(true)
  })

  it('logs to stderr with --verbose, one line of JSON each, without the key', async () => {
    const { child, ready, ended } = await serveJson(['--memory', '--verbose'])
    await fetch(`${ready['url']}/v1/whoami`, { headers: { authorization: `Bearer ${ready['apiKey']}` } })
    child.kill('SIGINT')
    const { code, stdout, stderr } = await ended
    expect(code).toBe(0)
    expect(stdout.split('\n')).toHaveLength(2)
    const messages = stderr
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { message: string }).message)
    expect(messages).toEqual(['ready', 'request', 'stopping'])
    expect(stderr).not.toContain(ready['apiKey'])
  })

  it('lets a running request finish before it ends', async () => {
    const { child, ready, ended } = await serveJson(['--memory'])
    const body = JSON.stringify({ caId: ready['issuingCaId'], commonName: 'late.example' })
    const finish = await beginIssuing(ready, body)
    child.kill('SIGTERM')
    await expect.poll(() => refusesConnections(ready['url']!)).toBe(true)
    expect(await finish()).toContain('HTTP/1.1 200 OK')
    expect((await ended).code).toBe(0)
  })
})

describe('certwright serve', () => {
  it('shows a curl line that works as it stands', async () => {
    const { output } = await serve(['--memory'])
    expect(output.stdout).toContain('The store is in memory')
    const [line = ''] = /curl -sS \S+\/v1\/certificates[^]*?\}'/.exec(output.stdout) ?? []
    // The shell reads it, and we play curl, which not every machine has.
    const printed = execFileSync('sh', ['-c', line.replace(/^curl/, String.raw`printf '%s\0'`)]).toString()
    const [silent, url, ...flags] = printed.split('\0')
    expect([silent, flags[0], flags[2], flags[4]]).toEqual(['-sS', '-H', '-H', '-d'])
    const headers = [flags[1], flags[3]].map((header) => header!.split(': ') as [string, string])
    const response = await fetch(url!, { method: 'POST', headers, body: flags[5]! })
    expect(await response.json()).toMatchObject({ certificate: { common_name: 'db.example.org' } })
  })

  it('warns where other machines can reach it', async () => {
    const { output } = await serve(['--memory', '--host', '0.0.0.0'])
    await expect.poll(() => output.stderr).toContain('warning: other machines can reach this server')
    expect(output.stdout).toContain('http://127.0.0.1:')
  })

  it('says which port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { code, stdout, stderr } = await start(['serve', '--port', `${port}`]).ended
    other.close()
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      `certwright: cannot serve: port ${port} of 127.0.0.1 is in use; choose another with --port, or any free one with --port 0\n`,
    )
  })

  it.each([
    [['serve', '--prot', '1'], 'cannot serve: "--prot" is no flag of it; see "certwright serve --help"'],
    [['serve', '--port', '70000'], 'cannot serve: "70000" is no port; give --port a number from 0 to 65535'],
    [['serve', '--host', 'a b'], 'cannot serve: "a b" is no host; give --host an address or a name'],
    [['serve', '--memory', '--data', 'x'], 'cannot serve: --data and --memory exclude each other; give one'],
    [
      ['serve', '--database', 'mysql://db/pki'],
      'cannot serve: --database takes the URL of a Postgres server, as in postgres://user@host:5432/name',
    ],
    [
      ['serve', '--memory', '--new-api-key'],
      'cannot serve: --new-api-key has no effect with --memory; leave one of them out',
    ],
    [
      ['serve', '--public-url', 'https://pki.example.org'],
      'cannot serve: --public-url takes a URL that begins with http:// and has no query; CRLs and OCSP answers are signed, and are fetched without TLS',
    ],
    [
      ['sevre'],
      '"sevre" is no command: use one of serve, doctor, migrate, keys, clients, archive, inspect, verify, mcp, replay, export; see "certwright --help"',
    ],
    [['inspect'], 'cannot inspect: name a file, or "-" for standard input'],
  ])('answers %j with one sentence and exit code 2', async (args, sentence) => {
    expect(await start(args).ended).toMatchObject({
      code: 2,
      stdout: '',
      stderr: `certwright: ${sentence}\n`,
    })
  })
})
