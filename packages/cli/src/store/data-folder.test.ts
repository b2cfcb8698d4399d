import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { requireDataFolder } from './data-folder.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certwright-data-folder-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('is made with the folders above it, for its owner alone', async () => {
  const path = join(folder, 'a', 'b')
  await requireDataFolder(path)
  expect(statSync(path).mode & 0o777).toBe(0o700)
  await expect(requireDataFolder(path)).resolves.toBeUndefined()
})

it('a file that is gone before it is looked at, as the journal of another process, is no fault', async () => {
  symlinkSync(join(folder, 'gone'), join(folder, 'certwright.db-journal'))
  await expect(requireDataFolder(folder)).resolves.toBeUndefined()
})

it('a file in its place is named, and what to do', async () => {
  const path = join(folder, 'data')
  writeFileSync(path, '')
  await expect(requireDataFolder(path)).rejects.toThrow(/data: it is a file; choose another with --data$/)
  await expect(requireDataFolder(join(path, 'below'))).rejects.toThrow(/a part of the path is a file/)
})

// Root may write everywhere, and is the user of many containers.
it.skipIf(process.getuid?.() === 0)('a file that may not be written is named', async () => {
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'data', 'certwright.db'), '', { mode: 0o400 })
  await expect(requireDataFolder(join(folder, 'data'))).rejects.toThrow(
    /its file certwright\.db is read-only/,
  )
})
