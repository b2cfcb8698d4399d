// Reads the JSON report from stdin and rewrites exceptions.json: entries that no longer diverge go, new ones come with an
// empty reason, which the runner refuses until somebody has written it.
import { readFileSync, writeFileSync } from 'node:fs'

/** @typedef {{ expected: string, got: string, reason: string }} Exception */

const file = new URL('exceptions.json', import.meta.url)
/** @type {Record<string, Record<string, Exception>>} */
const listed = JSON.parse(readFileSync(file, 'utf8'))
/** @type {{ packs: { name: string, cases: number, divergences: { id: string, expected: string, got: string }[] }[] }} */
const { packs } = JSON.parse(readFileSync(0, 'utf8'))

for (const { name, divergences } of packs.filter(({ cases }) => cases > 0)) {
  const before = listed[name] ?? {}
  /** @type {Record<string, Exception>} */
  const after = {}
  for (const { id, expected, got } of divergences) {
    const key = Object.keys(before).find((key) =>
      key.endsWith('*') ? id.startsWith(key.slice(0, -1)) : key === id,
    )
    const known = key === undefined ? undefined : before[key]
    if (key !== undefined && known?.expected === expected && known.got === got) after[key] = known
    else after[id] = { expected, got, reason: '' }
  }
  if (Object.keys(after).length > 0) listed[name] = after
  else delete listed[name]
}
writeFileSync(file, `${JSON.stringify(listed, undefined, 2)}\n`)
