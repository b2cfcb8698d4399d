// `npm run fuzz -- [--seconds N] [--seed S] [PARSER…]`: random mutations against every parser, see test/fuzz/main.ts.
import { runBundled } from './bundle.mjs'

await runBundled(['test/fuzz/main.ts', 'test/fuzz/worker.ts'], process.argv.slice(2))
