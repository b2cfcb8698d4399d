import type { CrlRecord } from '../ports/records.js'

/** Octets of all lists that are kept: one of a million entries is read anew for each who wants it. */
const capacity = 32 * 1024 * 1024

/** The lists in service, so that not every relying party costs a read of the whole list. */
export interface CrlCache {
  find(caId: string, number: number): CrlRecord | undefined
  keep(crl: CrlRecord): void
}

export function crlCache(): CrlCache {
  const kept = new Map<string, CrlRecord>()
  let total = 0
  const forget = (caId: string): void => {
    total -= kept.get(caId)?.der.length ?? 0
    kept.delete(caId)
  }
  return {
    find(caId, number) {
      const crl = kept.get(caId)
      return crl?.number === number ? crl : undefined
    },
    keep(crl) {
      forget(crl.caId)
      if (crl.der.length > capacity) return
      kept.set(crl.caId, crl)
      total += crl.der.length
      for (const oldest of kept.keys()) {
        if (total <= capacity) return
        forget(oldest)
      }
    },
  }
}
