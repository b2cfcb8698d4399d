import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  platform: 'node',
  target: 'node20',
  external: [/^node:/],
  removeNodeProtocol: false,
  // The authorization server is loaded at the first request that needs it: its chunk stays apart, in CJS too.
  splitting: true,
  sourcemap: true,
  clean: true,
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
})
