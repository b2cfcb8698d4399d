import type { CertificateRule } from './path-settings.js'

/* What the CA/Browser Forum's Baseline Requirements ask beyond RFC 5280. */

export const webpkiRules: readonly CertificateRule[] = []
