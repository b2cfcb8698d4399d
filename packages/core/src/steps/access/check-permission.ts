import { PkiError } from '../../errors/pki-error.js'
import type { CaRecord, CertificateRecord } from '../../ports/records.js'
import type { StorageReads } from '../../ports/storage.js'
import { type Action, decide, type PermissionTrace } from '../../rules/permission/decide.js'
import { isPrincipal, type Principal } from '../../rules/permission/principal.js'
import type { Caller, PermittedCa } from '../stages.js'

/**
 * @throws {PkiError} `ca_not_found`: there is none, or none that the principal may know of; the two look the same
 * @throws {PkiError} `permission_denied`: it may know the CA, but not do this
 */
export async function checkPermission(
  asked: { readonly caId: string; readonly action: Action },
  caller: Caller,
  storage: StorageReads,
): Promise<PermittedCa> {
  const principal = requirePrincipal(caller)
  return permitted(asked, principal, await storage.findCa(asked.caId))
}

/** The same for who issues below a CA: those above it come with it, in one question to the store. */
export async function checkIssuePermission(
  caId: string,
  caller: Caller,
  storage: StorageReads,
): Promise<PermittedCa & { readonly lineage: readonly CaRecord[] }> {
  const principal = requirePrincipal(caller)
  const lineage = await storage.findCaLineage(caId)
  return { ...permitted({ caId, action: 'issue' }, principal, lineage[0]), lineage }
}

function permitted(
  asked: { readonly caId: string; readonly action: Action },
  principal: Principal,
  ca: CaRecord | undefined,
): PermittedCa {
  // Rights on one CA never stand for another, whatever order a store gives a lineage in.
  if (ca?.id !== asked.caId) throw caNotFound(asked.caId)
  const trace = decide(principal, asked.action, ca)
  if (!trace.visible) throw caNotFound(asked.caId)
  if (!trace.allowed) throw denied(trace)
  return { ca, principal, trace }
}

/**
 * The same for a certificate, by the CA that issued it.
 *
 * @throws {PkiError} `certificate_not_found` | `permission_denied`
 */
export async function checkCertificatePermission(
  asked: CertificateQuestion,
  caller: Caller,
  storage: StorageReads,
): Promise<PermittedCertificate> {
  const principal = requirePrincipal(caller)
  const certificate = await storage.findCertificate(asked.certificateId)
  const ca = await storage.findCa(issuerIdOf(certificate, asked))
  return permittedCertificate(asked, principal, { certificate, ca })
}

/** The same for who renews it: those above its CA come with that, in one question to the store. */
export async function checkRenewPermission(
  certificateId: string,
  caller: Caller,
  storage: StorageReads,
): Promise<PermittedCertificate & { readonly lineage: readonly CaRecord[] }> {
  const asked = { certificateId, action: 'issue' } as const
  const principal = requirePrincipal(caller)
  const certificate = await storage.findCertificate(certificateId)
  const lineage = await storage.findCaLineage(issuerIdOf(certificate, asked))
  return { ...permittedCertificate(asked, principal, { certificate, ca: lineage[0] }), lineage }
}

interface CertificateQuestion {
  readonly certificateId: string
  readonly action: Action
}

interface PermittedCertificate extends PermittedCa {
  readonly certificate: CertificateRecord
}

/** Asked for in any case: a certificate that may not be seen must not take a question longer than one that is not there. */
const issuerIdOf = (certificate: CertificateRecord | undefined, asked: CertificateQuestion): string =>
  certificate?.caId ?? asked.certificateId

function permittedCertificate(
  { certificateId, action }: CertificateQuestion,
  principal: Principal,
  { certificate, ca }: { certificate: CertificateRecord | undefined; ca: CaRecord | undefined },
): PermittedCertificate {
  if (certificate === undefined || ca?.id !== certificate.caId) throw certificateNotFound(certificateId)
  const trace = decide(principal, action, ca)
  if (!trace.visible) throw certificateNotFound(certificateId)
  if (!trace.allowed) throw denied(trace)
  return { ca, certificate, principal, trace }
}

/** What only the host's own code may do: create CAs, workspaces, users and keys. */
export function requireOperator(caller: Caller, action: string): Principal {
  const principal = requirePrincipal(caller)
  if (principal.kind !== 'operator') {
    throw new PkiError('permission_denied', `Cannot ${action}: only the operator of this authority may`, {
      action,
    })
  }
  return principal
}

export function requirePrincipal(caller: Caller): Principal {
  const principal: unknown = caller?.principal
  if (isPrincipal(principal)) return principal
  throw new TypeError('principal: expected the result of operator() or authority.authenticate()')
}

export function caNotFound(caId: string): PkiError<'ca_not_found'> {
  return new PkiError('ca_not_found', `Cannot find CA: there is none with id ${caId}`, { caId })
}

function certificateNotFound(certificateId: string): PkiError<'certificate_not_found'> {
  const message = `Cannot find certificate: there is none with id ${certificateId}`
  return new PkiError('certificate_not_found', message, { certificateId })
}

function denied(trace: PermissionTrace): PkiError<'permission_denied'> {
  return new PkiError(
    'permission_denied',
    `Cannot ${trace.action} on CA ${trace.caId}: these credentials lack its "${trace.action}" right`,
    { action: trace.action, caId: trace.caId },
  )
}
