import * as z from 'zod/mini'
import { parsePlainData, uuid } from '../../encoding/plain-data.js'
import type { CaRecord, CertificateRecord } from '../../ports/records.js'
import type { CertificateFilter } from '../../ports/storage.js'
import { readableCaIds } from '../../rules/permission/decide.js'
import {
  checkCertificatePermission,
  checkPermission,
  requirePrincipal,
} from '../../steps/access/check-permission.js'
import type { Deps } from '../../steps/deps.js'
import { type CertificateInfo, certificateInfo } from '../../steps/info/certificate-info.js'
import type { Caller } from '../../steps/stages.js'

/** What certificates come from. */
export type LineageRoot =
  /** Of this CA, and of the CAs below it. */
  | { readonly caId: string }
  /** Of one public key: the SHA-256 of its SubjectPublicKeyInfo, hex. */
  | { readonly spkiHash: string }
  /** This one, what it was renewed by, what that was renewed by, and so on. */
  | { readonly certificateId: string }

export const lineageRoot = z.union([
  z.strictObject({ caId: uuid }),
  z.strictObject({
    spkiHash: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lowercase hex')),
  }),
  z.strictObject({ certificateId: uuid }),
]) as z.ZodMiniType<LineageRoot>

const pageSize = 100

/** Generations that are followed; as many as a certificate of a day has in twenty years. */
const maximumGenerations = 10_000

/**
 * The certificates of a lineage, in pages. Certificates that are issued meanwhile push others to a later page, so one may
 * come twice, and none is missed that was there when the reading began.
 */
export async function* lineage(root: LineageRoot, deps: Deps): AsyncGenerator<readonly CertificateRecord[]> {
  if ('certificateId' in root) {
    yield* renewalsOf(root.certificateId, deps)
  } else if ('spkiHash' in root) {
    yield* pages({ spkiHash: root.spkiHash }, deps)
  } else {
    const cas = await casBelow(root.caId, deps)
    yield* pages({ caIds: cas.map(({ id }) => id) }, deps)
  }
}

/** The CA itself and all below it, revoked ones too. */
export async function casBelow(caId: string, deps: Deps): Promise<readonly CaRecord[]> {
  const found = new Map<string, CaRecord>()
  const own = await deps.storage.findCa(caId)
  const waiting = own === undefined ? [] : [own]
  for (let ca = waiting.pop(); ca !== undefined; ca = waiting.pop()) {
    if (found.has(ca.id)) continue
    found.set(ca.id, ca)
    waiting.push(...(await deps.storage.listCas({ parentCaId: ca.id, includeRevoked: true })))
  }
  return [...found.values()]
}

async function* renewalsOf(certificateId: string, deps: Deps): AsyncGenerator<readonly CertificateRecord[]> {
  const first = await deps.storage.findCertificate(certificateId)
  if (first === undefined) return
  yield [first]
  let generation: readonly string[] = [certificateId]
  for (let count = 0; generation.length > 0 && count < maximumGenerations; count++) {
    const next: string[] = []
    for (const renewedFrom of generation) {
      for await (const renewals of pages({ renewedFrom }, deps)) {
        yield renewals
        next.push(...renewals.map(({ id }) => id))
      }
    }
    generation = next
  }
}

async function* pages(
  filter: Omit<CertificateFilter, 'now'>,
  deps: Deps,
): AsyncGenerator<readonly CertificateRecord[]> {
  for (let page = 1; ; page++) {
    const found = await deps.storage.listCertificates(
      { ...filter, now: deps.clock.now() },
      { page, pageSize },
    )
    if (found.items.length > 0) yield found.items
    if (page * pageSize >= found.total) return
  }
}

/**
 * The certificates of a lineage that the caller may read, in pages.
 *
 * @throws {PkiError} `ca_not_found` | `permission_denied` | `certificate_not_found`: of what the lineage begins with
 */
export async function* readLineage(
  root: LineageRoot,
  caller: Caller,
  deps: Deps,
): AsyncGenerator<readonly CertificateInfo[], void, undefined> {
  const parsed = parsePlainData(lineageRoot, root, { action: 'Cannot list lineage' })
  if ('caId' in parsed) await checkPermission({ caId: parsed.caId, action: 'read' }, caller, deps.storage)
  if ('certificateId' in parsed)
    await checkCertificatePermission({ ...parsed, action: 'read' }, caller, deps.storage)
  const readable = readableCaIds(requirePrincipal(caller))
  for await (const page of lineage(parsed, deps)) {
    const seen = page.filter(({ caId }) => readable === undefined || readable.includes(caId))
    if (seen.length > 0) yield seen.map(certificateInfo)
  }
}
