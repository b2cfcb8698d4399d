import type { ForgedCertificate } from '../../forge/forge-certificate.js'

/** The certificates of the path, signed. */
export interface ForgedPath {
  readonly anchor: ForgedCertificate
  /** From below the anchor down. */
  readonly intermediates: readonly ForgedCertificate[]
  readonly endEntity: ForgedCertificate
}
