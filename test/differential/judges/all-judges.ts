import { certwright } from './certwright.js'
import type { Judge } from './judge.js'
import { nodeForge } from './node-forge.js'
import { nodeTls } from './node-tls.js'
import { createOpensslJudge } from './openssl.js'
import { peculiar } from './peculiar.js'
import { pkijs } from './pkijs.js'

/** Ours first: where it is wrong, nothing else matters. */
export const allJudges = async (): Promise<readonly Judge[]> => [
  certwright,
  await createOpensslJudge(),
  nodeTls,
  pkijs,
  peculiar,
  nodeForge,
]
