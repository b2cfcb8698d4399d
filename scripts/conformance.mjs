// `npm run conformance -- [--packs DIR] [NAME…] [--json]`: see test/conformance/README.md. With --json, stdout is JSON only.
import { runBundled } from './bundle.mjs'

await runBundled(['test/conformance/main.ts', 'test/conformance/worker.ts'], process.argv.slice(2))
