import type { Certificate } from '../../x509/certificate.js'

/**
 * When all of a chain are valid. Mostly that is when its first one is; where a CA above was re-issued meanwhile, the chain
 * begins with that.
 */
export const chainValidity = (
  chain: readonly Certificate[],
): { readonly notBefore: Date; readonly notAfter: Date } => ({
  notBefore: new Date(Math.max(...chain.map(({ notBefore }) => notBefore.getTime()))),
  notAfter: new Date(Math.min(...chain.map(({ notAfter }) => notAfter.getTime()))),
})
