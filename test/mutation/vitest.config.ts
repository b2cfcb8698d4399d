import { defineConfig } from 'vitest/config'

/*
 * What judges a mutant: the tests beside the sources, and the catalogue, which has for each rule of validation what it must
 * refuse and its valid twin. Flows would notice more, and run for a minute for each.
 */
const conditions = ['@certwright/source', 'node']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/core/src/**/*.test.ts', 'packages/testing/src/catalogue/catalogue.test.ts'],
    // Loads its modules anew: the mutants in all their tables would seem to be covered, and could not be switched on.
    exclude: ['**/no-code-from-strings.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
})
