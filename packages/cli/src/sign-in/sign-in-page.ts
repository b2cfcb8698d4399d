import { Html, html, sourceHash } from '@certwright/html'
import type { SignInTexts } from './sign-in-texts.js'

const style = `
:root { color-scheme: light dark }
body { margin: 0; padding: 3rem 1rem; font: 16px/1.55 system-ui, sans-serif }
main { max-width: 26rem; margin: 0 auto }
h1 { font-size: 1.4rem }
label { display: block; margin: 1rem 0 .3rem; font-weight: 600 }
input, button { width: 100%; min-height: 46px; padding: .4rem .7rem; font: inherit; border: 2px solid #8a94a3;
  border-radius: 8px; box-sizing: border-box }
button { margin-top: 1rem; font-weight: 600; cursor: pointer }
:focus-visible { outline: 3px solid #1f5fbf; outline-offset: 2px }
`

/** The form that asks for the secret. @param fault what was wrong with the one before */
export async function signInPage(texts: SignInTexts, returnTo: string, fault?: string): Promise<Response> {
  const page = html`<!doctype html>
<html lang="${texts.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${texts.title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
<h1>${texts.heading}</h1>
<p id="where">${texts.where[0]} <code>.sign-in</code>${texts.where[1]}</p>
${fault === undefined ? undefined : html`<p role="alert"><strong>${fault}</strong></p>`}
<form method="post" action="sign-in">
<input type="hidden" name="return_to" value="${returnTo}">
<label for="secret">${texts.secret}</label>
<input id="secret" name="secret" type="password" autocomplete="current-password" required autofocus
aria-describedby="where">
<button type="submit">${texts.signIn}</button>
</form>
</main>
</body>
</html>
`
  return new Response(page.text, {
    status: fault === undefined ? 200 : 403,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      // No form-action: browsers hold the redirects behind the form against it, up to the client's own address.
      'content-security-policy': `default-src 'none'; style-src '${await sourceHash(style)}'; base-uri 'none'; frame-ancestors 'none'`,
      'content-language': texts.lang,
      vary: 'Accept-Language',
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
    },
  })
}
