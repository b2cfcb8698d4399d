import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    der: 'src/der.ts',
    path: 'src/path.ts',
    // Not public: the two targets of "#platform-crypto" in package.json, of which the runtime picks one.
    'crypto/provider-node': 'src/crypto/provider-node.ts',
    'crypto/provider-web': 'src/crypto/provider-web.ts',
  },
  format: ['esm', 'cjs'],
  platform: 'neutral',
  target: 'es2022',
  external: ['#platform-crypto', /^node:/],
  removeNodeProtocol: false,
  // Also in CJS: otherwise each entry gets its own PkiError, and `instanceof` fails for errors from the provider.
  splitting: true,
  sourcemap: true,
  clean: true,
  dts: {
    entry: { index: 'src/index.ts', der: 'src/der.ts', path: 'src/path.ts' },
    compilerOptions: { ignoreDeprecations: '6.0' },
  },
})
