import * as z from 'zod/mini'
import { toWholeSeconds } from '../../asn1/time.js'
import { parsePlainData } from '../../encoding/plain-data.js'
import { PkiError } from '../../errors/pki-error.js'
import type { CertificateRecord } from '../../ports/records.js'
import {
  checkTransition,
  revocationState,
  type SettableReason,
  settableReasons,
} from '../../rules/revocation/transitions.js'
import { checkPermission } from '../../steps/access/check-permission.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { unlockIssuer } from '../../steps/issuer/find-issuer.js'
import { recordRevocations } from '../../steps/recording/record-revocation.js'
import type { Caller, UnlockedCa } from '../../steps/stages.js'
import { whileUnlocked } from '../while-unlocked.js'
import { lineage, lineageRoot, type LineageRoot } from './lineage.js'

export interface RevokeLineageRequest {
  readonly under: LineageRoot
  /** A hold is not for many: it is for one certificate that somebody looks into. */
  readonly reason: Exclude<SettableReason, 'certificateHold'>
  /** As in `RevokeRequest`. */
  readonly invalidityDate?: Date
  /** Of the CAs that are locked; one for all of them. */
  readonly caPassphrase?: string
}

/** After a batch. */
export interface LineageProgress {
  /** Certificates that were revoked by this call. */
  readonly revoked: number
  /** Certificates that are revoked or expired, or were passed over because somebody else was faster. */
  readonly passedOver: number
}

const finalReasons = settableReasons.filter((reason) => reason !== 'certificateHold')
const schema = z.strictObject({
  under: lineageRoot,
  reason: z.enum(finalReasons),
  invalidityDate: z.optional(z.date()),
  caPassphrase: z.optional(z.string().check(z.maxLength(1024))),
}) as z.ZodMiniType<RevokeLineageRequest>

/**
 * Revoke every certificate that is neither revoked nor expired of a CA and those below it, of a key, or of a line of
 * renewals; also those on hold. CAs themselves are not revoked: see `revokeCa`. A batch is a transaction of a hundred at
 * most, and its progress is yielded; a call that is cut off is simply made again, and goes on. Certificates that are issued
 * meanwhile may be missed: revoke the CA, or stop issuing, first.
 *
 * @param input a `RevokeLineageRequest`; unknown, because it is parsed here
 * @throws {PkiError} `invalid_request` | `ca_not_found` | `permission_denied`: before anything of that CA is revoked |
 *   `passphrase_required` | `wrong_passphrase`
 */
export async function* revokeLineage(
  input: unknown,
  caller: Caller,
  deps: Deps,
): AsyncGenerator<LineageProgress, void, undefined> {
  const request = parsePlainData(schema, input, { action: 'Cannot revoke certificates' })
  const invalidityDate = pastDate(request.invalidityDate, currentTime(deps))
  const issuers = new IssuersAtWork(request.caPassphrase, caller, deps)
  if ('caId' in request.under) await issuers.find(request.under.caId)
  let [revoked, passedOver] = [0, 0]
  for await (const page of lineage(request.under, deps)) {
    for (const certificate of page) await issuers.find(certificate.caId)
    const wanted = page.filter((certificate) => isToBeRevoked(certificate, request.reason, deps))
    const done = await recordAll(wanted, { ...request, invalidityDate }, caller, deps)
    revoked += done
    passedOver += page.length - done
    yield { revoked, passedOver }
  }
  await issuers.publish()
}

function isToBeRevoked(certificate: CertificateRecord, reason: SettableReason, deps: Deps): boolean {
  const state = revocationState(certificate)
  return (
    certificate.notAfter >= currentTime(deps) && checkTransition({ subject: 'certificate', state }, reason).ok
  )
}

function recordAll(
  certificates: readonly CertificateRecord[],
  {
    reason,
    invalidityDate,
  }: Pick<RevokeLineageRequest, 'reason'> & { readonly invalidityDate: Date | undefined },
  { principal }: Caller,
  deps: Deps,
): Promise<number> {
  const revokedAt = currentTime(deps)
  const changes = certificates.map((certificate) => {
    const { id, caId, serialNumber, notAfter, workspaceId } = certificate
    const replacesHold = revocationState(certificate) === 'held'
    return {
      revocation: { caId, serialNumber, notAfter, revokedAt, reason, invalidityDate },
      subject: { id, workspaceId, type: 'certificate.revoked', replacesHold } as const,
    }
  })
  return recordRevocations(changes, principal, deps)
}

function pastDate(date: Date | undefined, now: Date): Date | undefined {
  if (date === undefined || date <= now) return date && toWholeSeconds(date)
  const message = 'must not lie in the future'
  throw new PkiError('invalid_request', `Cannot revoke certificates: invalidityDate ${message}`, {
    issues: [{ path: 'invalidityDate', message }],
  })
}

/** The CAs of the lineage, each permitted and unlocked once, before anything of it is revoked. */
class IssuersAtWork {
  readonly #issuers = new Map<string, UnlockedCa>()
  readonly #passphrase: string | undefined
  readonly #caller: Caller
  readonly #deps: Deps

  constructor(passphrase: string | undefined, caller: Caller, deps: Deps) {
    this.#passphrase = passphrase
    this.#caller = caller
    this.#deps = deps
  }

  async find(caId: string): Promise<void> {
    if (this.#issuers.has(caId)) return
    const { ca } = await checkPermission({ caId, action: 'revoke' }, this.#caller, this.#deps.storage)
    this.#issuers.set(caId, await unlockIssuer(ca, this.#passphrase, this.#deps))
  }

  async publish(): Promise<void> {
    for (const issuer of this.#issuers.values())
      await whileUnlocked(issuer, this.#caller.principal, this.#deps)
  }
}
