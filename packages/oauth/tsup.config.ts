import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  platform: 'node',
  target: 'node20',
  external: [/^node:/],
  removeNodeProtocol: false,
  // With it, tsup makes `require` of `import()` in CJS, and oidc-provider is ESM alone.
  splitting: false,
  sourcemap: true,
  clean: true,
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
})
