import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/main.ts'],
  format: ['esm'],
  platform: 'node',
  target: 'node20',
  removeNodeProtocol: false,
  sourcemap: true,
  clean: true,
})
