import { accessProcesses } from './laws/access-processes.js'
import { apiKeys } from './laws/api-keys.js'
import { archiving } from './laws/archiving.js'
import { atomicity } from './laws/atomicity.js'
import { crash } from './laws/crash.js'
import { crlNumbers } from './laws/crl-numbers.js'
import { errors } from './laws/errors.js'
import { events } from './laws/events.js'
import { fidelity } from './laws/fidelity.js'
import { idempotency } from './laws/idempotency.js'
import { isolation } from './laws/isolation.js'
import { listing } from './laws/listing.js'
import { members } from './laws/members.js'
import { model } from './laws/model.js'
import { oauthArtifacts } from './laws/oauth-artifacts.js'
import { oauthClients } from './laws/oauth-clients.js'
import { oauthGrants } from './laws/oauth-grants.js'
import { processes } from './laws/processes.js'
import { retries } from './laws/retries.js'
import { statusLog } from './laws/status-log.js'
import { uniqueness } from './laws/uniqueness.js'
import type { StorageLaw } from './storage-law.js'

/**
 * What the storage port promises, law by law. Each stands alone: it opens a store of its own, and can be run without a
 * test runner.
 */
export const storageLaws: readonly StorageLaw[] = [
  ...atomicity,
  ...isolation,
  ...uniqueness,
  ...fidelity,
  ...listing,
  ...statusLog,
  ...archiving,
  ...crlNumbers,
  ...idempotency,
  ...events,
  ...apiKeys,
  ...members,
  ...oauthClients,
  ...oauthGrants,
  ...oauthArtifacts,
  ...errors,
  ...retries,
  ...crash,
  ...processes,
  ...accessProcesses,
  ...model,
]
