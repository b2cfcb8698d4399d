import { defineConfig } from 'vitest/config'

// What judges a mutant: the tests beside the sources. Flows would notice more of them, and run for a minute for each.
const conditions = ['@certwright/source', 'node']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/core/src/**/*.test.ts'],
    // Loads its modules anew: the mutants in all their tables would seem to be covered, and could not be switched on.
    exclude: ['**/no-code-from-strings.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
})
