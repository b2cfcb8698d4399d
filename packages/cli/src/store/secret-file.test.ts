import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { writeSecretFile } from './secret-file.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certwright-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const file = (): string => join(folder, 'secret')

it('writes a file for its owner alone, and leaves no draft', async () => {
  expect(await writeSecretFile(file(), 'a', { replace: false })).toBe(true)
  expect(readFileSync(file(), 'utf8')).toBe('a')
  expect(statSync(file()).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['secret'])
})

it('of many that begin together one writes it', async () => {
  const writers = ['a', 'b', 'c', 'd'].map((content) => writeSecretFile(file(), content, { replace: false }))
  const won = await Promise.all(writers)
  expect(won.filter((isOurs) => isOurs)).toHaveLength(1)
  expect(readFileSync(file(), 'utf8')).toBe('abcd'[won.indexOf(true)])
})

it('replaces a file only when told to', async () => {
  writeFileSync(file(), 'old', { mode: 0o644 })
  expect(await writeSecretFile(file(), 'new', { replace: false })).toBe(false)
  expect(readFileSync(file(), 'utf8')).toBe('old')
  expect(await writeSecretFile(file(), 'new', { replace: true })).toBe(true)
  expect(statSync(file()).mode & 0o777).toBe(0o600)
})

it('says where it cannot', async () => {
  await expect(writeSecretFile(join(folder, 'no', 'way'), 'a', { replace: false })).rejects.toMatchObject({
    code: 'ENOENT',
  })
})
