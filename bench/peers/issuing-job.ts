/** What a peer needs to do the job of `authority.issue`: no storage, no profiles, no lints, no permissions. */
export interface IssuingJob {
  readonly issuerDer: Uint8Array<ArrayBuffer>
  readonly signingKey: CryptoKey
  readonly urls: { readonly crl: string; readonly ocsp: string; readonly issuer: string }
}
