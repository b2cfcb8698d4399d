import { pemDecodeAll } from '../../encoding/pem.js'
import { isPkiError } from '../../errors/pki-error.js'

/** What the blocks of a PEM text hold; none where it is no PEM. */
export function blocksOf(text: string): readonly Uint8Array[] {
  try {
    return pemDecodeAll(text).map(({ der }) => der)
  } catch (error) {
    if (isPkiError(error)) return []
    throw error
  }
}
