import { html } from '@certwright/html'
import { htmlPage } from './html-page.js'
import type { Texts } from './texts.js'

/** Codes that mean: this was open once, and is not any more. */
const overCodes: readonly string[] = ['session_not_found', 'invalid_session']

/**
 * What went wrong, to a person who cannot do anything about it, and in small print to whoever can.
 *
 * @param detail a sentence of the authorization server; it may hold what the client has sent
 */
export function refusalPage(texts: Texts, status: number, code: string, detail?: string): Promise<Response> {
  const isOver = overCodes.includes(code) || /expired|session/.test(detail ?? '')
  const content = html`<h1>${texts.refusalTitle}</h1>
<p>${isOver ? texts.answered : texts.refusal}</p>
${isOver ? undefined : html`<p class="quiet">${texts.detail}: <code>${code}</code>${detail === undefined ? '' : ` (${detail})`}</p>`}`
  return htmlPage(texts, texts.refusalTitle, content, { status, errorCode: code })
}
