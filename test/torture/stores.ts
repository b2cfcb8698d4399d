import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startPostgres } from '../storage/postgres-server.js'
import { type Place, runCommand } from './victim.js'

export type StoreName = 'sqlite' | 'postgres'

/** A new store for the time of some work, and nothing of it afterwards. */
export async function withStore<T>(store: StoreName, work: (place: Place) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'certwright-torture-'))
  try {
    if (store === 'sqlite') return await work({ folder, flags: ['--data', join(folder, 'data')] })
    return await withDatabase(async (url) => {
      const place = { folder, flags: ['--database', url] }
      const { exitCode, stderr } = await runCommand(place, ['migrate'])
      if (exitCode !== 0) throw new Error(stderr)
      return work(place)
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A database of its own, also on a server that others use. */
async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const server = await startPostgres()
  const client = new pg.Client({ connectionString: server.url })
  const name = `certwright_torture_${randomUUID().replaceAll('-', '')}`
  try {
    await client.connect()
    await client.query(`CREATE DATABASE ${name}`)
    const url = new URL(server.url)
    url.pathname = `/${name}`
    return await work(url.href)
  } finally {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await client.end()
    await server.stop()
  }
}
