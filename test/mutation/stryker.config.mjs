// Read by scripts/mutate.mjs, which says what is mutated, in a copy of the workspace.
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner'],
  inPlace: true,
  coverageAnalysis: 'perTest',
  // Tables and constants are made once, when a module is loaded: a mutant in one cannot be switched on for a single test.
  ignoreStatic: true,
  mutator: {
    // Messages are for people and may change; a code that is '' does not compile, because codes are unions.
    excludedMutations: ['StringLiteral'],
  },
  concurrency: 2,
  timeoutMS: 20_000,
  reporters: ['clear-text', 'progress', 'json'],
  clearTextReporter: { allowColor: false, reportTests: false },
  jsonReporter: { fileName: 'mutation-report.json' },
}
