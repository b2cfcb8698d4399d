import type { CertificateFilter, CertificateRecord } from '@certwright/core'
import type { Tables } from './tables.js'

/**
 * What a filter lets through, newest first: by creation time, those of one second by id, both descending.
 *
 * The cost is a scan of the certificates of the CAs that the filter names, or of all where it names none; the part of a
 * common name is looked for in each. Nothing is copied here, so a page of a large store costs a page of copies.
 */
export function selectCertificates(tables: Tables, filter: CertificateFilter): CertificateRecord[] {
  const matches = matcher(filter)
  const selected: CertificateRecord[] = []
  for (const certificate of candidates(tables, filter.caIds)) {
    if (matches(certificate)) selected.push(certificate)
  }
  return selected.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1))
}

function* candidates(tables: Tables, caIds: readonly string[] | undefined): Iterable<CertificateRecord> {
  if (caIds === undefined) return yield* tables.certificates.values()
  for (const caId of new Set(caIds)) {
    for (let ids = tables.certificatesOfCa.get(caId); ids !== undefined; ids = ids.older) {
      const certificate = tables.certificates.get(ids.id)
      if (certificate !== undefined) yield certificate
    }
  }
}

function matcher(filter: CertificateFilter): (certificate: CertificateRecord) => boolean {
  const now = filter.now.getTime()
  const createdFrom = filter.createdFrom?.getTime() ?? -Infinity
  const createdTo = filter.createdTo?.getTime() ?? Infinity
  const search = filter.search?.toLowerCase()
  return (certificate) => {
    if (filter.workspaceId !== undefined && certificate.workspaceId !== filter.workspaceId) return false
    if (filter.spkiHash !== undefined && certificate.spkiHash !== filter.spkiHash) return false
    if (filter.renewedFrom !== undefined && certificate.renewedFrom !== filter.renewedFrom) return false
    const createdAt = certificate.createdAt.getTime()
    if (createdAt < createdFrom || createdAt > createdTo) return false
    const isRevoked = certificate.revokedAt !== undefined
    // RFC 5280 §4.1.2.5: a certificate is valid through notAfter, inclusive.
    const notAfter = certificate.notAfter.getTime()
    if (filter.status === 'revoked' && !isRevoked) return false
    if (filter.status === 'active' && (isRevoked || notAfter < now)) return false
    if (filter.expiringBefore !== undefined) {
      if (notAfter < now || notAfter > filter.expiringBefore.getTime()) return false
    }
    return search === undefined || certificate.commonName.toLowerCase().includes(search)
  }
}
