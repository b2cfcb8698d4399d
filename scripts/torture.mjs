// `npm run torture -- [--kills N] [--store sqlite|postgres] [--seed S] [--json]`: see test/torture/main.ts.
import { runBundled } from './bundle.mjs'

await runBundled(['test/torture/main.ts'], process.argv.slice(2))
