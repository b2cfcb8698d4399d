import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { nodeListener } from '@certwright/http/node'
import * as oauth from 'oauth4webapi'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demonstrationSignIn, type SignIn } from '../../packages/cli/src/sign-in/sign-in.js'
import { findChromium } from '../../tools/runtimes/chromium.mjs'
import { createWorld, postForm, type World, whoami } from './setup.js'

/*
 * A real browser before the real pages, over real sockets: what it makes of the cookies, the policy and the redirects is
 * its own judgement. The client is a server on another port that shows what it was told.
 */

const executablePath = findChromium()
const missing = executablePath === undefined ? ' (there is no chromium command)' : ''

const servers: Server[] = []
let browser: Browser
let world: World
let signIn: SignIn
let issuer: string
let clientUrl: string
const secret = `cm_signin_${'s'.repeat(22)}`

async function begin() {
  const register = await fetch(`${issuer}/oauth/register`, {
    method: 'POST',
    body: JSON.stringify({ client_name: 'A tool', redirect_uris: [`${clientUrl}/callback`] }),
  })
  const { client_id } = (await register.json()) as { client_id: string }
  const verifier = oauth.generateRandomCodeVerifier()
  const url = new URL(`${issuer}/oauth/authorize`)
  const parameters = {
    client_id,
    response_type: 'code',
    redirect_uri: `${clientUrl}/callback`,
    state: 's',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }
  url.search = new URLSearchParams(parameters).toString()
  return { url: url.href, client_id, verifier }
}

/** What the pages call the secret, the button that signs in, and the one that goes on. */
const english: readonly [label: string, signIn: string, goOn: string] = [
  'Sign-in secret',
  'Sign in',
  'Continue',
]

describe.skipIf(executablePath === undefined)(`in headless Chromium${missing}`, () => {
  beforeAll(async () => {
    const { chromium } = await import('playwright-core')
    // Chromium's sandbox refuses to start as root, which containers mostly are; the pages are ours.
    const chromiumSandbox = process.getuid?.() !== 0
    browser = await chromium.launch({ executablePath: executablePath ?? '', chromiumSandbox })
    const server = await listen()
    issuer = urlOf(server)
    const client = await listen()
    client.on('request', (request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(`<h1>Client</h1><p id="told">${new URL(request.url ?? '', clientUrl).search}</p>`)
    })
    clientUrl = urlOf(client)
    world = await createWorld({
      oauth: {
        issuer,
        getUser: (request) => signIn.getUser(request),
        signInUrl: (url) => signIn.signInUrl(url),
      },
      extensions: ({ users }) => {
        signIn = demonstrationSignIn({ issuer, userId: users.ada, secret })
        return [signIn.extension]
      },
    })
    server.on('request', nodeListener(world.handler))
  })
  afterAll(async () => {
    await browser.close()
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
  })

  let page: Page
  let complaints: string[]
  beforeEach(async () => {
    const context = await browser.newContext({ locale: 'en-GB' })
    page = await context.newPage()
    complaints = []
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
    return () => context.close()
  })

  async function signInAndChoose(url: string, [label, signIn, goOn] = english): Promise<void> {
    await page.goto(url)
    await page.getByLabel(label).fill(secret)
    await page.getByRole('button', { name: signIn }).click()
    await page.getByLabel('My Workspace').check()
    await page.getByRole('button', { name: goOn }).click()
  }

  const told = async (): Promise<URLSearchParams> =>
    new URLSearchParams((await page.locator('#told').textContent()) ?? '')

  it('somebody signs in, picks a workspace, ticks rights, allows, and the client gets what was ticked', async () => {
    const { url, client_id, verifier } = await begin()
    await signInAndChoose(url)
    await page.getByRole('group', { name: 'Issuing' }).getByLabel('Read').check()
    await page.getByRole('group', { name: 'Issuing' }).getByLabel('Issue').check()
    await page.getByRole('button', { name: 'Allow what is ticked' }).click()
    const code = (await told()).get('code') ?? ''
    const form = { grant_type: 'authorization_code', client_id, code, code_verifier: verifier }
    const redirect_uri = `${clientUrl}/callback`
    const { json } = await postForm(world, '/oauth/token', { ...form, redirect_uri })
    const { permissions } = (await whoami(world, json.access_token)).json
    expect(permissions).toEqual({
      [world.cas.issuing]: { canRead: true, canIssue: true, canRevoke: false },
    })
    expect(complaints).toEqual([])
  })

  it('a wrong secret is told, and the right one goes on where it stopped', async () => {
    const { url } = await begin()
    await page.goto(url)
    await page.getByLabel('Sign-in secret').fill('cm_signin_wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('not the secret')
    await page.getByLabel('Sign-in secret').fill(secret)
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('A tool asks for access')
  })

  it('a denial is one click, or the Enter key in the form', async () => {
    const { url } = await begin()
    await signInAndChoose(url)
    await page.getByRole('button', { name: 'Deny' }).click()
    expect((await told()).get('error')).toBe('access_denied')
    await page.goto(url)
    await page.getByLabel('My Workspace').check()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('group', { name: 'Root' }).getByLabel('Read').focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('Enter')
    expect((await told()).get('error')).toBe('access_denied')
  })

  it('the keyboard alone reaches every right and both buttons, in the order of the page', async () => {
    const { url } = await begin()
    await signInAndChoose(url)
    await page.getByRole('button', { name: 'Deny' }).waitFor()
    const seen: (string | undefined)[] = []
    // Three CAs' worth of boxes, a link and two buttons are fewer.
    for (let step = 0; step < 12; step++) {
      await page.keyboard.press('Tab')
      // Runs in the page, which has a document.
      seen.push(
        await page.evaluate('document.activeElement?.closest("label, button, a")?.textContent?.trim()'),
      )
    }
    const rights = ['Read', 'Issue', 'Revoke']
    const expected = ['Choose another workspace', ...rights, ...rights, 'Deny', 'Allow what is ticked']
    expect(seen.slice(0, expected.length)).toEqual(expected)
  })

  it('going back after the answer finds the request gone', async () => {
    const { url } = await begin()
    await signInAndChoose(url)
    await page.getByRole('group', { name: 'Root' }).getByLabel('Read').check()
    await page.getByRole('button', { name: 'Allow what is ticked' }).click()
    expect((await told()).get('code')).toMatch(/^cm_code_/)
    await page.goBack()
    expect(await page.locator('body').textContent()).toContain('has been answered, or has expired')
  })

  it('a second submit of the same form makes no second grant', async () => {
    const { url, client_id } = await begin()
    await signInAndChoose(url)
    await page.getByRole('group', { name: 'Root' }).getByLabel('Read').check()
    const allow = page.getByRole('button', { name: 'Allow what is ticked' })
    // No wait for an address: the second click ends the navigation of the first.
    await allow.click({ noWaitAfter: true, clickCount: 2, delay: 0 })
    const grants = async () =>
      (await world.storage.listOAuthGrants({ clientId: client_id }, { page: 1, pageSize: 10 })).total
    await expect.poll(grants, { timeout: 10_000 }).toBe(1)
    await page.waitForLoadState('networkidle')
    expect(await grants()).toBe(1)
  })

  it('a form that was tampered with grants nothing, and the page says so', async () => {
    const { url, client_id } = await begin()
    await signInAndChoose(url)
    const box = page.getByRole('group', { name: 'Root' }).getByLabel('Read')
    const foreign = `${world.cas.hidden}:issue`
    await box.evaluate((element, value) => element.setAttribute('value', value), foreign)
    await box.check()
    await page.getByRole('button', { name: 'Allow what is ticked' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('Nothing was granted')
    const grants = await world.storage.listOAuthGrants({ clientId: client_id }, { page: 1, pageSize: 10 })
    expect(grants.total).toBe(0)
  })

  it('German for a German browser, on a screen of a telephone without scrolling sideways', async () => {
    const { url } = await begin()
    const context = await browser.newContext({ locale: 'de-DE', viewport: { width: 360, height: 640 } })
    page = await context.newPage()
    await signInAndChoose(url, ['Anmeldegeheimnis', 'Anmelden', 'Weiter'])
    expect(await page.getByRole('button').allTextContents()).toEqual(['Ablehnen', 'Angekreuztes erlauben'])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await context.close()
  })
})

async function listen(): Promise<Server> {
  const server = createServer()
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** The cast: a server that listens on a port has an AddressInfo. */
const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
