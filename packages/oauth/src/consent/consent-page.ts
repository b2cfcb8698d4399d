import type { GrantableCa, GrantableWorkspace } from '@certwright/core'
import { type Html, html, join } from '@certwright/html'
import { isNativeRedirect } from '../registration/native-redirect.js'
import { fields, hasRight } from './consent-form.js'
import { htmlPage } from './html-page.js'
import { rightNames, type Texts } from './texts.js'

/** What the page shows: who asks, whom, and what can be granted. */
export interface Offer {
  readonly texts: Texts
  /** Of the page itself, without a query. */
  readonly path: string
  readonly client: { readonly name: string; readonly isSelfRegistered: boolean; readonly redirectUri: string }
  readonly email: string
  readonly workspaces: readonly GrantableWorkspace[]
  /** Absent: the user has to choose first. */
  readonly chosen: GrantableWorkspace | undefined
  readonly formToken: string
  /** What was wrong with the form before. */
  readonly fault?: string
}

export function consentPage(offer: Offer): Promise<Response> {
  const { texts, client, fault } = offer
  const content = html`<h1>${texts.asks(client.name)}</h1>
${fault === undefined ? undefined : html`<p class="note" role="alert">${fault}</p>`}
${facts(offer)}
${client.isSelfRegistered ? html`<p class="note">${texts.selfRegistered}</p>` : undefined}
${offer.chosen === undefined ? workspaceChoice(offer) : rightsForm(offer, offer.chosen)}`
  return htmlPage(texts, texts.title, content, {
    status: fault === undefined ? 200 : 400,
    formTargets: ["'self'", redirectSource(client.redirectUri)],
  })
}

function facts({ texts, client, email, workspaces, chosen, path }: Offer): Html {
  const other = html` <a href="${path}">${texts.otherWorkspace}</a>`
  const workspace =
    chosen &&
    html`<dt>${texts.workspace}</dt><dd>${chosen.workspace.name}${workspaces.length > 1 ? other : undefined}</dd>`
  return html`<dl class="facts">
<dt>${texts.signedInAs}</dt><dd>${email}</dd>
<dt>${texts.sentTo}</dt><dd>${destination(client.redirectUri, texts)}</dd>
${workspace}
</dl>`
}

/** The host, which only its owner can answer for; on the user's own device nobody can tell which program it is. */
const destination = (redirectUri: string, texts: Texts): string =>
  isNativeRedirect(redirectUri) ? texts.onThisDevice : new URL(redirectUri).host

function workspaceChoice(offer: Offer): Html {
  const { texts, workspaces, path } = offer
  if (workspaces.length === 0) return html`<p>${texts.nothingToGrant}</p>${denyForm(offer)}`
  const choices = workspaces.map(
    (
      { workspace },
      index,
    ) => html`<label><input type="radio" name="${fields.workspace}" value="${workspace.id}"
${index === 0 ? 'required' : undefined}> ${workspace.name}</label>
`,
  )
  return html`<form method="get" action="${path}">
<fieldset><legend>${texts.chooseWorkspace}</legend>${join(choices)}</fieldset>
<div class="buttons"><button type="submit" form="deny">${texts.deny}</button>
<button type="submit">${texts.goOn}</button></div>
</form>
<form method="post" action="${path}" id="deny">${hidden(fields.token, offer.formToken)}
${hidden(fields.decision, 'deny')}</form>`
}

function rightsForm(offer: Offer, { workspace, cas }: GrantableWorkspace): Html {
  const { texts, path } = offer
  if (cas.length === 0) return html`<p>${texts.nothingToGrant}</p>${denyForm(offer)}`
  const meanings = rightNames.map(
    (
      name,
    ) => html`<dt>${texts.rights[name].name}</dt><dd id="means-${name}">${texts.rights[name].meaning}</dd>
`,
  )
  // The button that the Enter key presses is the first one.
  return html`<h2>${texts.whatRightsMean}</h2>
<dl class="meanings">${join(meanings)}</dl>
<form method="post" action="${path}">
${hidden(fields.token, offer.formToken)}${hidden(fields.workspace, workspace.id)}
<h2>${texts.chooseRights}</h2>
${join(cas.map((ca) => rightsOfCa(ca, texts)))}
<p class="quiet">${texts.duration} ${texts.nothingTicked}</p>
<div class="buttons"><button type="submit" name="${fields.decision}" value="deny">${texts.deny}</button>
<button type="submit" name="${fields.decision}" value="allow">${texts.allow}</button></div>
</form>`
}

/** Below it the page would only grow to the right. */
const deepestIndent = 3

function rightsOfCa(ca: GrantableCa, texts: Texts): Html {
  const boxes = rightNames
    .filter((name) => hasRight(ca.rights, name))
    .map(
      (name) => html`<label><input type="checkbox" name="${fields.right}" value="${ca.id}:${name}"
aria-describedby="means-${name}"> ${texts.rights[name].name}</label>
`,
    )
  return html`<fieldset class="depth${Math.min(ca.depth, deepestIndent)}"><legend>${ca.name}</legend>
<div class="choices">${join(boxes)}</div></fieldset>
`
}

const denyForm = ({ path, formToken, texts }: Offer): Html => html`<form method="post" action="${path}">
${hidden(fields.token, formToken)}
<div class="buttons"><button type="submit" name="${fields.decision}" value="deny">${texts.deny}</button></div>
</form>`

const hidden = (name: string, value: string): Html =>
  html`<input type="hidden" name="${name}" value="${value}">`

/**
 * Browsers hold the redirects behind a form against its policy, so that of the client has to be in it. An address in
 * brackets cannot be written there (CSP3 §2.3.1), so then it is the scheme.
 */
function redirectSource(redirectUri: string): string {
  const { protocol, origin, hostname } = new URL(redirectUri)
  const hasHost = protocol === 'https:' || protocol === 'http:'
  return hasHost && !hostname.startsWith('[') ? origin : protocol
}
