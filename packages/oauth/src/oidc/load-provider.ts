import type * as OidcProvider from 'oidc-provider'

/**
 * Load the library without its warning: Node 20 works and is tested here, and is not on its list since version 9. It
 * warns through `console.warn` while it is imported and has no switch for it.
 */
export async function loadOidcProvider(): Promise<typeof OidcProvider> {
  const { console: output } = globalThis
  const { warn } = output
  output.warn = (...said: unknown[]) => {
    if (!String(said[0]).includes('Unsupported runtime')) warn.apply(output, said)
  }
  try {
    return await import('oidc-provider')
  } finally {
    output.warn = warn
  }
}
