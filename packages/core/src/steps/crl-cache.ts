import type { CrlRecord, CrlSummary } from '../ports/records.js'

/** Octets of all lists that are kept: one of a million entries is read anew for each who wants it. */
const capacity = 32 * 1024 * 1024

/** The lists in service, so that not every relying party costs a read of the whole list. */
export interface CrlCache {
  find(crl: CrlSummary): CrlRecord | undefined
  keep(crl: CrlRecord): void
}

export function crlCache(): CrlCache {
  const kept = new Map<string, CrlRecord>()
  let total = 0
  const forget = (key: string): void => {
    total -= kept.get(key)?.der.length ?? 0
    kept.delete(key)
  }
  return {
    find(wanted) {
      const crl = kept.get(keyOf(wanted))
      return crl?.number === wanted.number ? crl : undefined
    },
    keep(crl) {
      forget(keyOf(crl))
      if (crl.der.length > capacity) return
      kept.set(keyOf(crl), crl)
      total += crl.der.length
      for (const oldest of kept.keys()) {
        if (total <= capacity) return
        forget(oldest)
      }
    },
  }
}

const keyOf = ({ caId, scope }: CrlSummary): string => `${caId} ${scope}`
