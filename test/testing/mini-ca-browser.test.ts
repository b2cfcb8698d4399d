import { createServer, type Server, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { miniCa } from '@certwright/testing'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../../tools/runtimes/chromium.mjs'

/* What docs/testing.md says of Playwright, judged by a real browser before a real TLS server. */

const executablePath = findChromium()
const missing = executablePath === undefined ? ' (there is no chromium command)' : ''

// A browser goes by its own clock, and takes no server certificate that lives for longer than 398 days.
const at = new Date()
const ca = await miniCa({ at, intermediates: 1 })
const stranger = await miniCa({ at })

const servers: Server[] = []

/** Tells each client the subject of its certificate. @returns its origin */
async function serve(options: ServerOptions): Promise<string> {
  const server = createServer(options, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate()
    response.setHeader('content-type', 'text/html')
    response.end(`<p id="client">${String(subject?.CN ?? 'nobody')}</p>`)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `https://localhost:${(server.address() as AddressInfo).port}`
}

describe.skipIf(executablePath === undefined)(`Chromium, driven by Playwright${missing}`, () => {
  let browser: Browser

  beforeAll(async () => {
    const { chromium } = await import('playwright-core')
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      // Chromium's sandbox refuses to start as root, which containers mostly are; the pages are ours.
      chromiumSandbox: process.getuid?.() !== 0,
      args: [...ca.playwright.args],
    })
  })
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      server.close()
    }
  })
  afterAll(() => browser.close())

  it('launched with ca.playwright takes a server of this CA', async () => {
    const page = await browser.newPage()
    await page.goto(await serve(ca.leaf('localhost').server))
    expect(await page.textContent('#client')).toBe('nobody')
  })

  it('launched with ca.playwright refuses a server of another CA', async () => {
    const page = await browser.newPage()
    await expect(page.goto(await serve(stranger.leaf('localhost').server))).rejects.toThrow(
      'ERR_CERT_AUTHORITY_INVALID',
    )
  })

  it('in a context of leaf.playwright shows the certificate of the leaf to that origin', async () => {
    const origin = await serve(ca.leaf('localhost').mutualServer)
    const context = await browser.newContext(ca.clientLeaf('alice').playwright(origin))
    const page = await context.newPage()
    await page.goto(origin)
    expect(await page.textContent('#client')).toBe('alice')
    await context.close()
  })

  it('without a certificate is refused by a server that asks for one', async () => {
    const page = await browser.newPage()
    await expect(page.goto(await serve(ca.leaf('localhost').mutualServer))).rejects.toThrow('ERR_')
  })
})
