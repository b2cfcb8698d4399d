// `npm run differential -- [--runs N] [--seed S] [--report FOLDER] [--json] [VALIDATOR…]`: see test/differential/main.ts.
import { runBundled } from './bundle.mjs'

await runBundled(['test/differential/main.ts'], process.argv.slice(2))
