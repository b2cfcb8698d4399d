import { Html, html, sourceHash } from '@certwright/html'
import { style } from './style.js'
import type { Texts } from './texts.js'

export interface PageOptions {
  readonly status: number
  /** Where its forms may lead, redirects included (CSP3 §6.4.1, as browsers do it). Absent: there is no form. */
  readonly formTargets?: readonly string[]
  /** For the log line. */
  readonly errorCode?: string
}

let styleHash: Promise<string> | undefined

/** A whole page without scripts, under a policy that allows none, that no other page can show inside of it. */
export async function htmlPage(
  texts: Texts,
  title: string,
  content: Html,
  options: PageOptions,
): Promise<Response> {
  styleHash ??= sourceHash(style)
  const page = html`<!doctype html>
<html lang="${texts.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`
  const policy = [
    "default-src 'none'",
    `style-src '${await styleHash}'`,
    `form-action ${options.formTargets?.join(' ') ?? "'none'"}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
  return new Response(page.text, {
    status: options.status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': texts.lang,
      'content-security-policy': policy.join('; '),
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
      vary: 'Accept-Language',
      // With no-referrer, browsers send "Origin: null" with the form, and nobody could tell it from another page's.
      'referrer-policy': 'same-origin',
      ...(options.errorCode !== undefined && { 'certwright-error': options.errorCode }),
    },
  })
}
