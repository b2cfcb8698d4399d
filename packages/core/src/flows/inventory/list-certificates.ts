import * as z from 'zod/mini'
import { parsePlainData, uuid } from '../../encoding/plain-data.js'
import { readableCaIds } from '../../rules/permission/decide.js'
import {
  checkCertificatePermission,
  checkPermission,
  requirePrincipal,
} from '../../steps/access/check-permission.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { type CertificateInfo, certificateInfo } from '../../steps/info/certificate-info.js'
import type { Caller } from '../../steps/stages.js'

export interface CertificateQuery {
  readonly caId?: string
  /** `active`: neither revoked nor expired. `all` where absent. */
  readonly status?: 'active' | 'revoked' | 'all'
  /** Part of the common name, compared without case. */
  readonly search?: string
  /** Inclusive. */
  readonly createdFrom?: Date
  /** Inclusive. */
  readonly createdTo?: Date
  /** Not yet expired, and expiring within this many days: 0 to 36,500. */
  readonly expiringInDays?: number
  /** From 1. */
  readonly page?: number
  /** 1 to 100; 20 where absent. */
  readonly pageSize?: number
}

export interface CertificatePage {
  /** Newest first. */
  readonly certificates: readonly CertificateInfo[]
  readonly total: number
  readonly page: number
  readonly pageSize: number
  readonly totalPages: number
}

/** Pages behind this one are not reached by turning pages; it keeps offsets of storage in bounds. */
const lastPage = 1_000_000
const dayMilliseconds = 86_400_000

const schema = z.strictObject({
  caId: z.optional(uuid),
  status: z.optional(z.enum(['active', 'revoked', 'all'])),
  search: z.optional(z.string().check(z.maxLength(255))),
  createdFrom: z.optional(z.date()),
  createdTo: z.optional(z.date()),
  expiringInDays: z.optional(z.int().check(z.gte(0), z.lte(36_500))),
  page: z.optional(z.int().check(z.gte(1), z.lte(lastPage))),
  pageSize: z.optional(z.int().check(z.gte(1), z.lte(100))),
}) as z.ZodMiniType<CertificateQuery>

/**
 * The certificates of the CAs that the caller may read.
 *
 * @param input a `CertificateQuery`; unknown, because it is parsed here
 * @throws {PkiError} `invalid_request` | `ca_not_found` | `permission_denied`: of the CA that was asked for
 */
export async function listCertificates(input: unknown, caller: Caller, deps: Deps): Promise<CertificatePage> {
  const query = parsePlainData(schema, input ?? {}, { action: 'Cannot list certificates' })
  const { caId, status, search, createdFrom, createdTo, expiringInDays, page = 1, pageSize = 20 } = query
  const principal = requirePrincipal(caller)
  if (caId !== undefined) await checkPermission({ caId, action: 'read' }, caller, deps.storage)
  const caIds = caId === undefined ? readableCaIds(principal) : [caId]
  const now = currentTime(deps)
  const filter = {
    now,
    ...(principal.kind !== 'operator' && { workspaceId: principal.workspaceId }),
    ...(caIds !== undefined && { caIds }),
    ...(status !== undefined && status !== 'all' && { status }),
    ...(search !== undefined && search !== '' && { search }),
    ...(createdFrom !== undefined && { createdFrom }),
    ...(createdTo !== undefined && { createdTo }),
    ...(expiringInDays !== undefined && {
      expiringBefore: new Date(now.getTime() + expiringInDays * dayMilliseconds),
    }),
  }
  const { items, total } = await deps.storage.listCertificates(filter, { page, pageSize })
  const certificates = items.map(certificateInfo)
  return { certificates, total, page, pageSize, totalPages: Math.ceil(total / pageSize) }
}

/** @throws {PkiError} `certificate_not_found` | `permission_denied` */
export async function getCertificate(
  certificateId: string,
  caller: Caller,
  deps: Deps,
): Promise<CertificateInfo> {
  const asked = { certificateId, action: 'read' } as const
  const { certificate } = await checkCertificatePermission(asked, caller, deps.storage)
  return certificateInfo(certificate)
}
