import { beforeEach, describe, expect, it } from 'vitest'
import { createPki, day, passphrase, type Pki } from './setup.js'

let pki: Pki
beforeEach(async () => {
  pki = await createPki()
})

/** The certificate from before, of the revoked CA, is left out by asking for one CA. */
const list = async (query = '') =>
  (await pki.call('GET', `/v1/certificates?caId=${pki.cas.issuing}${query}`)).json

const namesOf = async (query: string): Promise<string[]> =>
  (await list(query)).certificates.map(({ common_name }) => common_name).sort()

async function issueAll(...commonNames: readonly string[]): Promise<string[]> {
  const ids = []
  for (const commonName of commonNames) ids.push((await pki.issue({ commonName })).id)
  return ids
}

const query = (text: string) => pki.call('GET', `/v1/certificates?${text}`)
const found = (search: string) => namesOf(`&search=${encodeURIComponent(search)}`)
const expiringWithin = async (days: number) => (await list(`&expiringInDays=${days}`)).total

const caIdsOf = async (text: string): Promise<string[]> =>
  (await pki.call('GET', `/v1/cas${text}`)).json.cas.map(({ id }) => id)

const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `a${index}.example.com`)

describe('pages', () => {
  it('an empty list has no page', async () => {
    expect(await list()).toEqual({ certificates: [], total: 0, page: 1, pageSize: 20, totalPages: 0 })
  })

  it('newest first, 20 where nothing is said', async () => {
    const names = numbered(22)
    for (const commonName of names) {
      await pki.issue({ commonName })
      pki.clock.advance(1000)
    }
    const first = await list()
    expect(first).toMatchObject({ total: 22, page: 1, pageSize: 20, totalPages: 2 })
    const second = await list('&page=2')
    const shown = [...first.certificates, ...second.certificates].map(({ common_name }) => common_name)
    expect(shown).toEqual(names.reverse())
    expect(await list('&page=3')).toMatchObject({ certificates: [], total: 22, page: 3, totalPages: 2 })
  })

  it('of one second are complete, and without repetition, in every size', async () => {
    const ids = (await issueAll(...numbered(7))).sort()
    for (const pageSize of [1, 2, 3, 7, 100]) {
      const shown = []
      const totalPages = Math.ceil(7 / pageSize)
      for (let page = 1; page <= totalPages; page++) {
        const body = await list(`&pageSize=${pageSize}&page=${page}`)
        expect(body).toMatchObject({ total: 7, page, pageSize, totalPages })
        shown.push(...body.certificates.map(({ id }) => id))
      }
      expect(shown.sort()).toEqual(ids)
    }
  })

  it('with a bound on creation do not move when new ones are issued', async () => {
    await issueAll(...numbered(4))
    const createdTo = pki.clock.now().toISOString()
    const pageTwo = `&pageSize=2&page=2&createdTo=${createdTo}`
    const before = await list(pageTwo)
    pki.clock.advance(1000)
    await issueAll('new.example.com')
    expect(await list(pageTwo)).toEqual(before)
    expect((await list()).total).toBe(5)
  })

  it.each([
    'page=0',
    'page=-1',
    'page=1.5',
    'page=',
    'page=one',
    'page=1000001',
    'page=1e3',
    'pageSize=0',
    'pageSize=101',
    'pageSize=%2B5',
    'pageSize= 5',
  ])('%s: 400', async (query) => {
    const answer = await pki.call('GET', `/v1/certificates?${query}`)
    expect([answer.status, answer.headers.get('certwright-error')]).toEqual([400, 'invalid_request'])
    expect(answer.json.error).toMatch(/"page(Size)?" must be/)
  })
})

describe('search', () => {
  it('is part of the common name, in any case, and every character stands for itself', async () => {
    const names = ['api.example.com', '100% sure', 'snake_case', '*.example.com', 'ÄPFEL', "O'Hara \\ Sons"]
    await issueAll(...names)
    expect(await found('API.Ex')).toEqual(['api.example.com'])
    expect(await found('%')).toEqual(['100% sure'])
    expect(await found('_')).toEqual(['snake_case'])
    expect(await found('*')).toEqual(['*.example.com'])
    expect(await found('.')).toEqual(['*.example.com', 'api.example.com'])
    expect(await found('äpfel')).toEqual(['ÄPFEL'])
    expect(await found("o'hara \\")).toEqual(["O'Hara \\ Sons"])
    expect(await found('.*')).toEqual([])
    expect(await found('[a-z]')).toEqual([])
    expect(await found('')).toEqual(names.sort())
  })
})

describe('status', () => {
  it('active: neither revoked nor expired; revoked; all', async () => {
    const [, revoked, held] = await issueAll('active.example.com', 'revoked.example.com', 'held.example.com')
    await pki.issue({ commonName: 'short.example.com', validityDays: 1 })
    await pki.call('POST', `/v1/certificates/${revoked}/revoke`)
    await pki.call('POST', `/v1/certificates/${held}/revoke`, { body: { reason: 'certificateHold' } })
    expect(await namesOf('&status=active')).toEqual(['active.example.com', 'short.example.com'])
    expect(await namesOf('&status=revoked')).toEqual(['held.example.com', 'revoked.example.com'])
    pki.clock.advance(2 * day)
    expect(await namesOf('&status=active')).toEqual(['active.example.com'])
    expect(await namesOf('&status=all')).toEqual(await namesOf(''))
    expect((await list()).total).toBe(4)
  })

  it('active through the last second (RFC 5280 §4.1.2.5)', async () => {
    const { valid_to } = await pki.issue({ validityDays: 1 })
    pki.clock.setTo(valid_to)
    expect((await list('&status=active')).total).toBe(1)
    pki.clock.advance(1000)
    expect((await list('&status=active')).total).toBe(0)
  })

  it.each(['status=expired', 'status=Active', 'status='])('%s: 400', async (query) => {
    const answer = await pki.call('GET', `/v1/certificates?${query}`)
    expect([answer.status, answer.json.error]).toEqual([
      400,
      'Cannot read query: "status" must be one of "active", "revoked", "all"',
    ])
  })
})

describe('expiringInDays', () => {
  it('ends within so many days: both edges belong to it', async () => {
    const { valid_to } = await pki.issue({ validityDays: 30 })
    pki.clock.setTo(new Date(Date.parse(valid_to) - 10 * day).toISOString())
    expect([await expiringWithin(9), await expiringWithin(10), await expiringWithin(11)]).toEqual([0, 1, 1])
    pki.clock.advance(-1000)
    expect([await expiringWithin(10), await expiringWithin(11)]).toEqual([0, 1])
    pki.clock.setTo(valid_to)
    expect([await expiringWithin(0), await expiringWithin(36_500)]).toEqual([1, 1])
    pki.clock.advance(1000)
    expect([await expiringWithin(0), await expiringWithin(36_500)]).toEqual([0, 0])
  })

  it('goes together with status', async () => {
    const { id } = await pki.issue({ validityDays: 5 })
    await pki.call('POST', `/v1/certificates/${id}/revoke`)
    expect((await list('&expiringInDays=10')).total).toBe(1)
    expect((await list('&expiringInDays=10&status=active')).total).toBe(0)
  })

  it.each(['-1', '1.5', 'soon', '36501', '99999999999'])('%s: 400', async (days) => {
    const { status, json } = await pki.call('GET', `/v1/certificates?expiringInDays=${days}`)
    expect([status, json.error]).toEqual([400, expect.stringMatching(/"expiringInDays" must be/)])
  })
})

describe('createdFrom and createdTo', () => {
  it('are inclusive; a date is its whole day; an offset counts', async () => {
    pki.clock.setTo('2026-04-01T00:00:00Z')
    await issueAll('first.example.com')
    pki.clock.setTo('2026-04-02T23:59:59Z')
    await issueAll('second.example.com')
    const [first, second] = ['first.example.com', 'second.example.com']
    expect(await namesOf('&createdFrom=2026-04-01')).toEqual([first, second])
    expect(await namesOf('&createdFrom=2026-04-01T00:00:01Z')).toEqual([second])
    expect(await namesOf('&createdTo=2026-04-01')).toEqual([first])
    expect(await namesOf('&createdTo=2026-04-02')).toEqual([first, second])
    expect(await namesOf('&createdTo=2026-04-02T23:59:58.999Z')).toEqual([first])
    expect(
      await namesOf('&createdFrom=2026-04-01T02:00:00%2B02:00&createdTo=2026-04-01T02:00:00%2B02:00'),
    ).toEqual([first])
    expect(await namesOf('&createdFrom=2026-04-03&createdTo=2026-04-01')).toEqual([])
  })

  it.each(['yesterday', '2026-02-30', '2026-13-01', '01.04.2026', '1775001600', '2026-04-01T25:00:00Z', ''])(
    '%s: 400',
    async (date) => {
      for (const name of ['createdFrom', 'createdTo']) {
        const { status, json } = await pki.call('GET', `/v1/certificates?${name}=${date}`)
        expect([status, json.error]).toEqual([
          400,
          expect.stringMatching(new RegExp(`"${name}" must be an ISO 8601 date`)),
        ])
      }
    },
  )
})

describe('parameters', () => {
  it('a slip for a known one is refused, an unknown one left alone, a repeated one refused', async () => {
    expect((await query('caid=x')).json.error).toBe(
      'Cannot read query: "caid" is not known, did you mean "caId"',
    )
    expect((await query('page_size=3')).json.error).toMatch(/did you mean "pageSize"/)
    expect((await query('utm_source=mail&__proto__=1')).status).toBe(200)
    expect((await query('page=1&page=2')).json.error).toBe('Cannot read query: "page" must be given once')
  })

  it('caId: only of this CA; a key sees only what it may read', async () => {
    await issueAll('a.example.com')
    await pki.issue({ caId: pki.cas.locked, caPassphrase: passphrase, commonName: 'b.example.com' })
    expect(await namesOf('')).toEqual(['a.example.com'])
    const of = async (key: string) =>
      (await pki.call('GET', '/v1/certificates', { key })).json.certificates.map(
        ({ common_name }) => common_name,
      )
    expect(await of(pki.keys.readOnly.secret)).toEqual(['a.example.com'])
    expect(await of(pki.keys.lockedOnly.secret)).toEqual(['b.example.com'])
    expect(await of(pki.keys.issueOnly.secret)).toEqual([])
    expect(await of(pki.keys.foreign.secret)).toEqual([])
  })
})

describe('CAs', () => {
  it('type and parentCaId', async () => {
    const { root, issuing, shortLived, locked } = pki.cas
    expect(await caIdsOf('?type=root')).toEqual([root])
    expect(await caIdsOf('?type=intermediate')).toEqual([issuing, shortLived, locked])
    expect(await caIdsOf('?type=all')).toEqual([root, issuing, shortLived, locked])
    expect(await caIdsOf(`?parentCaId=${root}`)).toEqual([issuing, shortLived, locked])
    expect(await caIdsOf(`?parentCaId=${root}&type=root`)).toEqual([])
    expect(await caIdsOf(`?parentCaId=${issuing}`)).toEqual([])
  })

  it('a type that is none: 400', async () => {
    const { status, json } = await pki.call('GET', '/v1/cas?type=leaf')
    expect([status, json.error]).toEqual([
      400,
      'Cannot read query: "type" must be one of "root", "intermediate", "all"',
    ])
  })
})
