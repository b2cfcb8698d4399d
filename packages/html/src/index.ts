export { Html, html, join } from './html.js'
export { sourceHash } from './source-hash.js'
