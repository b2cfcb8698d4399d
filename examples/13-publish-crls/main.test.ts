import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crlEntries, operator, parseCrl } from '@certwright/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startFakeS3 } from './fake-s3.js'
import { startPublishing } from './main.js'
import { toDirectory } from './to-directory.js'
import { toS3 } from './to-s3.js'

const serialsOn = (der: Uint8Array | undefined): readonly string[] =>
  [...crlEntries(parseCrl(der ?? new Uint8Array()))].map(({ serialNumber }) => serialNumber)

describe('a folder', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'certwright-example-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('has the complete list and the delta CRL where a web server finds them', async () => {
    const { caId, issueAndRevoke, publishDue } = await startPublishing(toDirectory(folder))
    await publishDue()
    const serialNumber = await issueAndRevoke('db.example.org')
    await publishDue()
    const read = (path: string) => readFileSync(join(folder, 'crl', path))
    expect(serialsOn(read(`${caId}.crl`))).toEqual([])
    expect(serialsOn(read(`${caId}/delta.crl`))).toEqual([serialNumber])
    expect(readdirSync(join(folder, 'crl', caId))).toEqual(['delta.crl']) // no drafts are left
  })

  it('keeps the newer list where an older one comes late', async () => {
    const publisher = toDirectory(folder)
    const { authority, caId } = await startPublishing({ publish: async () => undefined })
    const record = { caId, scope: 'complete', revocationCount: 0 }
    const [older, newer] = [await authority.crl(caId), await authority.publishCrl({ caId }, caller)]
    await publisher.publish({ ...record, ...newer })
    await publisher.publish({ ...record, ...older })
    expect(new Uint8Array(readFileSync(join(folder, 'crl', `${caId}.crl`)))).toEqual(newer.der)
  })
})

const caller = { principal: operator('tests') }
const credentials = { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'not/a+secret', region: 'eu-central-1' }
const missingCurl =
  spawnSync('curl', ['--aws-sigv4', 'aws:amz', '--version']).status === 0 ? '' : ' (no curl)'

describe('an S3 that checks signatures', () => {
  let s3: Awaited<ReturnType<typeof startFakeS3>>
  beforeEach(async () => {
    s3 = await startFakeS3(credentials)
  })
  afterEach(() => s3.close())

  it('has the lists under the paths that certificates have, for caches to keep', async () => {
    const { caId, failures, issueAndRevoke, publishDue } = await startPublishing(
      toS3({ ...credentials, url: s3.url }),
    )
    await publishDue()
    const serialNumber = await issueAndRevoke('db.example.org')
    await publishDue()
    expect([failures, s3.refused]).toEqual([[], []])
    const object = (path: string) => s3.objects.get(`/my-pki/crl/${path}`)
    expect(serialsOn(object(caId)?.body)).toEqual([])
    expect(serialsOn(object(`${caId}/delta`)?.body)).toEqual([serialNumber])
    expect(object(caId)?.headers).toMatchObject({
      'content-type': 'application/pkix-crl',
      'cache-control': 'public, max-age=300, no-transform',
      'x-amz-meta-crl-number': '1',
    })
  })

  it('keeps the newer list where an older one comes late, also between the look and the replacement', async () => {
    const publisher = toS3({ ...credentials, url: s3.url })
    const { authority, caId } = await startPublishing({ publish: async () => undefined })
    const record = { caId, scope: 'complete', revocationCount: 0 }
    const lists = []
    for (let i = 0; i < 3; i++) lists.push({ ...record, ...(await authority.publishCrl({ caId }, caller)) })
    const [first, second, third] = lists as [(typeof lists)[0], (typeof lists)[0], (typeof lists)[0]]
    await publisher.publish(first)
    const path = `/my-pki/crl/${caId}`
    const there = s3.objects.get(path)
    s3.hooks.beforePut = () => {
      delete s3.hooks.beforePut
      const headers = { ...there?.headers, 'x-amz-meta-crl-number': String(third.number) }
      s3.objects.set(path, { body: Buffer.from(third.der), headers, etag: '"faster"' })
    }
    await publisher.publish(second)
    await publisher.publish(first)
    expect(new Uint8Array(s3.objects.get(path)?.body ?? [])).toEqual(third.der)
  })

  it('takes nothing from who has another key, and the host is told', async () => {
    const wrong = { ...credentials, secretAccessKey: 'another', url: s3.url }
    const { failures, publishDue } = await startPublishing(toS3(wrong))
    expect((await publishDue()).published).toHaveLength(2)
    expect(failures.map(String)).toEqual(Array(2).fill(expect.stringMatching(/the storage says 403$/)))
    expect(s3.objects.size).toBe(0)
  })

  it.skipIf(missingCurl !== '')(
    `takes what curl signs${missingCurl}, so that it is no judge in its own cause`,
    async () => {
      const put = async (secret: string): Promise<string> => {
        const options = `-sS -o /dev/null -w %{http_code} -X PUT --data-binary hello -H if-none-match:* -H content-type:text/plain`
        const signing = [
          '--aws-sigv4',
          `aws:amz:${credentials.region}:s3`,
          '--user',
          `${credentials.accessKeyId}:${secret}`,
        ]
        const child = spawn('curl', [...options.split(' '), ...signing, `${s3.url}/greeting`])
        let code = ''
        child.stdout.setEncoding('utf8').on('data', (text: string) => (code += text))
        await once(child, 'close')
        return code
      }
      expect(await put('another')).toBe('403')
      expect(await put(credentials.secretAccessKey)).toBe('200')
      expect(s3.objects.get('/my-pki/greeting')?.body.toString()).toBe('hello')
    },
  )
})
