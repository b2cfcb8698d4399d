import type { ExtensionVisit, HandlerExtension } from '@certwright/http'
import { sessionsOf } from './session-cookie.js'
import { signInPage } from './sign-in-page.js'
import { signInTexts } from './sign-in-texts.js'

export interface SignIn {
  readonly extension: HandlerExtension
  /** For `oauthExtension`. */
  readonly getUser: (request: Request) => Promise<{ readonly id: string } | undefined>
  readonly signInUrl: (returnTo: string) => string
}

/** Guessing 128 bits is hopeless anyway; this keeps the log short. */
const attemptsPerMinute = 10

/** A secret and an address to come back to. */
const maximumFormBytes = 4096

/**
 * The sign-in of a server that has one user, the demonstration's. A host with users of its own has none of this.
 *
 * @param issuer where browsers reach the server
 */
export function demonstrationSignIn(settings: {
  readonly issuer: string
  readonly userId: string
  readonly secret: string
  readonly now?: () => Date
}): SignIn {
  const { issuer, userId, secret, now = () => new Date() } = settings
  const sessions = sessionsOf(secret, issuer.startsWith('https:'), now)
  const isOurs = (url: string): boolean => url.startsWith(`${issuer}/oauth/consent/`)
  const home = `${issuer}/docs`

  async function takeSecret({ request, readBody }: ExtensionVisit): Promise<Response> {
    const form = new URLSearchParams(new TextDecoder().decode(await readBody(maximumFormBytes)))
    const returnTo = form.get('return_to') ?? ''
    const origin = request.headers.get('origin')
    const isOwnForm = origin === null || origin === new URL(issuer).origin
    if (!isOwnForm || !sessions.isSecret((form.get('secret') ?? '').trim())) {
      const texts = signInTexts(request)
      return signInPage(texts, returnTo, texts.wrongSecret)
    }
    // Nowhere but to our own page, whatever the form says.
    const location = isOurs(returnTo) ? returnTo : home
    return new Response(null, { status: 303, headers: { location, 'set-cookie': sessions.begin() } })
  }

  return {
    extension: {
      endpoints: [
        {
          method: 'GET',
          path: '/sign-in',
          access: 'public',
          serve: ({ request, query }) => signInPage(signInTexts(request), query.get('return_to') ?? ''),
        },
        {
          method: 'POST',
          path: '/sign-in',
          access: 'public',
          limit: { name: 'sign-in', perMinute: attemptsPerMinute },
          serve: takeSecret,
        },
      ],
    },
    getUser: async (request) => (sessions.isSignedIn(request) ? { id: userId } : undefined),
    signInUrl: (returnTo) => `${issuer}/sign-in?${new URLSearchParams({ return_to: returnTo })}`,
  }
}
