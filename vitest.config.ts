import { defineConfig } from 'vitest/config'

// Tests read the sources of the packages, not what is built of them; 'node' chooses the node side of "#platform-crypto".
// No 'import' or 'module' here: the conditions reach `require` in the workers as well, and break CommonJS packages.
const conditions = ['@certwright/source', 'node']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'examples/*/*.test.ts'],
    reporters: ['default', './scripts/plain.reporter.ts'],
    // Bundles that a test makes and imports: Vite would take seconds to transform each.
    server: { deps: { external: [/certwright-mutant-/] } },
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text-summary', 'html'],
    },
  },
})
