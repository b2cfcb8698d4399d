// `node chromium.mjs FILE`: runs a module in a page of headless Chromium and prints what `globalThis.outcome` resolves to.
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Answered by the page's route alone; HTTPS, because browsers have WebCrypto in secure contexts only. */
const origin = 'https://smoke.example'

/** The browser of the system; none is downloaded. */
export function findChromium() {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const programs = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  )
  return programs.find((program) => existsSync(program))
}

/** @param {string} file */
async function main(file) {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('there is no chromium command')
  // @ts-ignore -- installed on demand, by `npm run test:runtimes`
  const { chromium } = await import('playwright-core')
  // Chromium's sandbox refuses to start as root, which containers mostly are; the page is ours.
  const chromiumSandbox = process.getuid?.() !== 0
  const browser = await chromium.launch({ executablePath, chromiumSandbox })
  try {
    const page = await browser.newPage()
    await page.route('**/*', (/** @type {any} */ route) =>
      route.request().url() === `${origin}/smoke.mjs`
        ? route.fulfill({ contentType: 'text/javascript', body: readFileSync(file, 'utf8') })
        : route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>smoke</title>' }),
    )
    await page.goto(`${origin}/`)
    await page.addScriptTag({ type: 'module', url: `${origin}/smoke.mjs` })
    process.stdout.write(`${await page.evaluate('globalThis.outcome')}\n`)
  } finally {
    await browser.close()
  }
}

const [, program, file] = process.argv
if (file !== undefined && import.meta.url === pathToFileURL(program ?? '').href) await main(file)
