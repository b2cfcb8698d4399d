export { Html, html, join } from './html.js'
export { preferredLanguage } from './preferred-language.js'
export { sourceHash } from './source-hash.js'
