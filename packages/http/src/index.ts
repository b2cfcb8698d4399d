export { createHandler } from './create-handler.js'
export type {
  AddressLimit,
  ExtensionEndpoint,
  ExtensionVisit,
  GuardedVisit,
  GuardedExtensionEndpoint,
  HandlerExtension,
  OAuth2Urls,
  PublicExtensionEndpoint,
} from './extension.js'
export type { Connection, Handler, HandlerOptions, Logger } from './options.js'
export type { RateLimitOptions, RateLimitStore, RateLimitWindow } from './rate-limit.js'
