import { isPkiError } from '../../errors/pki-error.js'
import { certificateFault, keyReader } from '../../rules/path/certificate-checks.js'
import { findPath, type LastCheck } from '../../rules/path/find-path.js'
import { createComparisonBudget } from '../../rules/path/name-constraints.js'
import { nameConstraintFault } from '../../rules/path/path-checks.js'
import type { PathSettings } from '../../rules/path/path-settings.js'
import {
  createRevocationCheck,
  type RevocationSources,
} from '../../rules/path/revocation/check-revocation.js'
import type { Certificate } from '../../x509/certificate.js'
import { type CertificateRevocationList, parseCrl } from '../../x509/certificate-revocation-list.js'
import type { BasicOcspResponse } from '../../x509/ocsp-basic-response.js'
import { parseOcspResponse } from '../../x509/ocsp-response.js'
import { blocksOf } from './pem-blocks.js'

/** A CRL in any form: DER, a PEM text, which may have many, or parsed. */
export type CrlInput = Uint8Array | string | CertificateRevocationList

/** What was fetched about one certificate. */
export interface FetchedRevocation {
  readonly crls?: readonly CrlInput[]
  readonly ocspResponses?: readonly Uint8Array[]
}

interface RevocationRequest extends FetchedRevocation {
  readonly revocation?: 'none' | 'soft-fail' | 'hard-fail'
  readonly maximumRevocationAgeSeconds?: number
  readonly strict?: boolean
}

/**
 * The check of a path that is valid but for revocation; `undefined`: revocation is not asked for.
 *
 * @param input where the certificates of CRL issuers and OCSP responders are looked for; an issuer of CRLs needs a path
 *   of its own, to the anchor of the path at hand (RFC 5280 §6.3.3 (f))
 */
export function revocationCheck(
  request: RevocationRequest,
  input: { readonly intermediates: readonly Certificate[]; readonly anchors: readonly Certificate[] },
  settings: PathSettings,
  canFetch: boolean,
): LastCheck | undefined {
  const { crls = [], ocspResponses = [] } = request
  const hasSources = crls.length > 0 || ocspResponses.length > 0 || canFetch
  const { revocation = hasSources ? 'hard-fail' : 'none' } = request
  if (revocation === 'none') return undefined
  return createRevocationCheck(
    sourcesOf({ crls, ocspResponses }),
    {
      at: settings.at,
      maximumAgeSeconds: request.maximumRevocationAgeSeconds,
      strict: request.strict ?? false,
      hardFail: revocation === 'hard-fail',
      fetch: canFetch,
    },
    {
      certificates: input.intermediates,
      *hasPath(crlIssuer, anchor, lastCheck) {
        const { intermediates } = input
        const search = { endEntity: crlIssuer, intermediates, anchors: [anchor] }
        return (yield* findPath(search, signerSettings(settings), lastCheck)).ok
      },
      isValidBelow: endEntityCheck(signerSettings(settings)),
    },
  )
}

/** What RFC 5280 §6.1 asks of an end entity below issuers whose own path is valid, the signature aside. */
function endEntityCheck(settings: PathSettings) {
  const comparisons = createComparisonBudget()
  return (certificate: Certificate, issuers: readonly Certificate[]): boolean => {
    const constraining = settings.anchor.constraints ? issuers : issuers.slice(0, -1)
    return (
      certificateFault(certificate, { role: 'endEntity', depth: 0 }, settings, keyReader()) === undefined &&
      constraining.every((issuer) => nameConstraintFault(issuer, [certificate], comparisons) === undefined)
    )
  }
}

/** Who signs CRLs and OCSP responses is asked for nothing but the signature. */
const signerSettings = (settings: PathSettings): PathSettings => ({
  ...settings,
  purposes: [],
  keyUsages: [],
  identities: [],
  initialPolicySet: undefined,
  initialExplicitPolicy: false,
  rules: [],
})

/** Those that can be read. */
export function sourcesOf(given: FetchedRevocation): RevocationSources
export function sourcesOf(given: FetchedRevocation | undefined): RevocationSources | undefined
export function sourcesOf(given: FetchedRevocation | undefined): RevocationSources | undefined {
  if (given === undefined) return undefined
  return {
    crls: (given.crls ?? [])
      .flatMap((crl): readonly SingleCrl[] => (typeof crl === 'string' ? blocksOf(crl) : [crl]))
      .flatMap((crl) => readCrl(crl) ?? []),
    ocspResponses: (given.ocspResponses ?? []).flatMap((der) => readOcspResponse(der) ?? []),
  }
}

type SingleCrl = Exclude<CrlInput, string>

function readCrl(input: SingleCrl): CertificateRevocationList | undefined {
  if (typeof input === 'object' && 'tbsDer' in input) return input
  return orUnreadable(() => parseCrl(input))
}

function readOcspResponse(der: Uint8Array): BasicOcspResponse | undefined {
  const response = orUnreadable(() => parseOcspResponse(der))
  return response?.status === 'successful' ? response.basic : undefined
}

function orUnreadable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (isPkiError(error)) return undefined
    throw error
  }
}
