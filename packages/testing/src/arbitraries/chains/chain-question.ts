/** What a validator is asked. Every array of octets is DER. */
export interface ChainQuestion {
  readonly certificate: Uint8Array
  /** What came with it, in no order, and not all of it useful. */
  readonly intermediates: readonly Uint8Array[]
  readonly trustAnchors: readonly Uint8Array[]
  /** The time of validation. */
  readonly at: Date
  readonly purpose: 'serverAuth'
  /** Who is expected: one of the subject alternative names has to be it. */
  readonly identity: Identity
  /** Every certificate but the anchor has to be known not to be revoked, by what comes with it. */
  readonly checkRevocation: boolean
  readonly crls: readonly Uint8Array[]
  readonly ocspResponses: readonly Uint8Array[]
}

export interface Identity {
  readonly type: 'dns' | 'ip'
  readonly value: string
}
