export { oauthExtension } from './oauth-extension.js'
export type { OAuthOptions, OAuthUser } from './options.js'
