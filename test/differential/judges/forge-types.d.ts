/** The part of node-forge that is used; it has no types of its own. */
declare module 'node-forge' {
  interface ForgeCertificate {
    readonly serialNumber: string
  }
  const forge: {
    readonly util: { createBuffer(octets: string): unknown }
    readonly asn1: { fromDer(octets: unknown): unknown }
    readonly pki: {
      certificateFromAsn1(asn1: unknown): ForgeCertificate
      createCaStore(certificates: readonly ForgeCertificate[]): unknown
      verifyCertificateChain(
        store: unknown,
        chain: readonly ForgeCertificate[],
        options: { readonly validityCheckDate: Date },
      ): boolean
    }
  }
  export default forge
}
