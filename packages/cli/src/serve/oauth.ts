import type { Authority, Storage } from '@certwright/core'
import type { HandlerExtension } from '@certwright/http'
import { mcpPath } from '@certwright/mcp'
import { oauthExtension } from '@certwright/oauth'
import { CommandError } from '../command-error.js'
import { demonstrationSignIn } from '../sign-in/sign-in.js'

export interface ServedOAuth {
  readonly extensions: readonly HandlerExtension[]
  /** Where a browser signs in. */
  readonly signInUrl: string
}

/** OAuth for the demonstration: its user signs in with a secret, and grants clients rights on its CAs. */
export function serveOAuth(parts: {
  readonly authority: Authority
  readonly storage: Storage
  readonly issuer: string
  readonly userId: string
  readonly secret: string
}): ServedOAuth {
  const { authority, storage, issuer, userId, secret } = parts
  const signIn = demonstrationSignIn({ issuer, userId, secret })
  const { getUser, signInUrl } = signIn
  const resources = [issuer, `${issuer}${mcpPath}`]
  const oauth = oauthExtension({ authority, storage, issuer, resources, getUser, signInUrl })
  return { extensions: [signIn.extension, oauth], signInUrl: `${issuer}/sign-in` }
}

/** Codes and tokens travel there, so it is https, or this machine. */
export const mayBeIssuer = (url: string): boolean =>
  url.startsWith('https:') || /^http:\/\/(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d+)?$/.test(url)

/** @throws {CommandError} */
export function readIssuer(text: string): string {
  const bare = text.replace(/\/+$/, '')
  const isSound = /^https?:\/\/[\x21-\x7e]{1,200}$/.test(bare) && URL.canParse(bare) && !/[?#@]/.test(bare)
  if (isSound && mayBeIssuer(bare)) return bare
  throw new CommandError(
    'usage',
    'cannot serve: --oauth-issuer takes a URL that begins with https:// (or http:// on this machine) and has no query',
  )
}
