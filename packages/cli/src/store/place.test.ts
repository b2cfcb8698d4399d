import { describe, expect, it } from 'vitest'
import { placeName, storePlace } from './place.js'

const placeOf = (flags: Record<string, string>) => storePlace('serve', new Map(Object.entries(flags)))

describe('the place of a store', () => {
  it('is a folder, a database or memory', () => {
    expect(placeOf({})).toEqual({ kind: 'folder', path: `${process.cwd()}/certwright-data` })
    expect(placeOf({ data: '/srv/pki' })).toEqual({ kind: 'folder', path: '/srv/pki' })
    expect(placeOf({ database: 'postgres://db/pki' })).toEqual({ kind: 'database', url: 'postgres://db/pki' })
    expect(placeOf({ memory: '' })).toEqual({ kind: 'memory' })
  })

  it('is one', () => {
    expect(() => placeOf({ data: 'x', memory: '' })).toThrow(
      'cannot serve: --data and --memory exclude each other; give one',
    )
  })

  it.each(['pki', 'mysql://db/pki', 'http://db'])('is not %s', (database) => {
    expect(() => placeOf({ database })).toThrow('--database takes the URL of a Postgres server')
  })

  it('has a name without the password', () => {
    const database = 'postgres://ada:hunter2@db:5432/pki?sslmode=require'
    expect(placeName(placeOf({ database }))).toBe('postgres://ada@db:5432/pki')
    expect(() => placeOf({ database: 'mysql://ada:hunter2@db' })).toThrow(/^(?!.*hunter2)/)
  })
})
