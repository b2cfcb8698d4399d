import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Authority, createAuthority, operator, type Storage } from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StorePlace } from '../store/place.js'
import { demonstrate } from './demonstrate.js'

let folder: string
let place: StorePlace
let storage: Storage
let authority: Authority
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certwright-'))
  place = { kind: 'folder', path: join(folder, 'data') }
  storage = memoryStorage()
  authority = createAuthority({ storage, custody: memoryCustody() })
})
afterEach(() => rmSync(folder, { recursive: true }))

const start = (options: { newApiKey?: boolean; authority?: Authority; place?: StorePlace } = {}) =>
  demonstrate(
    options.authority ?? authority,
    { storage, place: options.place ?? place },
    { newApiKey: options.newApiKey ?? false },
  )

const apiKeyFile = (): string => join(folder, 'data.api-key')
const keysMade = async (): Promise<number> =>
  (await storage.listAuditEvents({}, 100)).filter(({ type }) => type === 'api_key.created').length

describe('the demonstration', () => {
  it('is made once, with a key that each start shows again', async () => {
    const first = await start()
    expect(await start()).toEqual(first)
    expect(statSync(apiKeyFile()).mode & 0o777).toBe(0o600)
    expect(await keysMade()).toBe(1)
    expect(await storage.listCas({})).toHaveLength(2)
  })

  it('shows no key that it no longer knows, and makes another when asked', async () => {
    const { apiKey, demonstration } = await start()
    writeFileSync(apiKeyFile(), `cm_${'A'.repeat(43)}\n`)
    expect(await start()).toEqual({ demonstration })
    const renewed = await start({ newApiKey: true })
    expect(renewed.apiKey).not.toBe(apiKey)
    expect(readFileSync(apiKeyFile(), 'utf8').trim()).toBe(renewed.apiKey)
    await Promise.all([apiKey, renewed.apiKey].map((key) => authority.authenticate(key ?? '')))
  })

  it('keeps no key of a database in a file', async () => {
    const database = { kind: 'database', url: 'postgres://db/pki' } as const
    const { apiKey, demonstration } = await start({ place: database })
    expect(apiKey).toMatch(/^cm_/)
    expect(await start({ place: database })).toEqual({ demonstration })
    expect(existsSync(apiKeyFile())).toBe(false)
  })

  it('is finished by the next start, wherever the first was cut short', async () => {
    const steps = [
      'createWorkspace',
      'createRoot',
      'createIntermediate',
      'createUser',
      'createApiKey',
    ] as const
    for (const step of steps) {
      storage = memoryStorage()
      const whole = createAuthority({ storage, custody: memoryCustody() })
      const dying: Authority = {
        ...whole,
        async [step]() {
          throw new Error('killed')
        },
      }
      await expect(start({ authority: dying })).rejects.toThrow('killed')
      const { demonstration, apiKey } = await start({ authority: whole, newApiKey: false })
      const { permissions } = await whole.whoami({ principal: await whole.authenticate(apiKey ?? '') })
      expect(new Set(Object.keys(permissions))).toEqual(
        new Set([demonstration?.rootCaId, demonstration?.issuingCaId]),
      )
      expect(await storage.listCas({})).toHaveLength(2)
    }
  })

  it('is one, of two starts at once', async () => {
    const [one, other] = await Promise.all([start(), start()])
    expect(one.demonstration).toEqual(other.demonstration)
    expect(await storage.listCas({})).toHaveLength(2)
  })

  it('has one key of two starts at once, also where one has made it and not yet written it down', async () => {
    const { apiKey = '' } = await start()
    rmSync(apiKeyFile())
    const other = start()
    await sleep(100)
    writeFileSync(apiKeyFile(), `${apiKey}\n`)
    expect((await other).apiKey).toBe(apiKey)
    expect(await keysMade()).toBe(1)
  })

  it('is not put into a store of somebody else', async () => {
    await authority.createRoot({ name: 'Ours' }, { principal: operator('host') })
    expect(await start()).toEqual({})
    expect(await storage.listCas({})).toHaveLength(1)
  })

  it('stays revoked', async () => {
    const { demonstration } = await start()
    const caId = demonstration?.rootCaId ?? ''
    await authority.revokeCa({ caId }, { principal: operator('host') })
    expect((await start()).demonstration).toEqual(demonstration)
  })
})
