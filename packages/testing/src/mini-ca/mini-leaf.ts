import type { ForgedCertificate } from '../forge/forge-certificate.js'

/** A certificate with its key, in every form that a test hands on. */
export interface MiniLeaf {
  /** As it was asked for. */
  readonly name: string
  readonly certificatePem: string
  /** The certificate and the CAs below the root: what a server or a client sends. */
  readonly chainPem: string
  /** PKCS#8, not encrypted. */
  readonly privateKeyPem: string
  readonly der: Uint8Array
  /** Hex, as `X509Certificate` of `node:crypto` writes it but in lower case. */
  readonly serialNumber: string
  /** For `https.createServer`, `tls.createServer`, `http2.createSecureServer`. */
  readonly server: TlsIdentity
  /** The same for a server that asks each client for a certificate of this CA, and refuses those that have none. */
  readonly mutualServer: MutualServerOptions
  /** For `https.request`, `tls.connect` and undici's `new Agent({ connect })`: trusts this CA, and shows this certificate. */
  readonly client: TlsIdentity & { readonly ca: string }
  /**
   * For `browser.newContext` of Playwright: shows this certificate to one origin. Playwright speaks TLS with such an origin
   * itself and trusts what Node trusts, so either the CA is in `NODE_EXTRA_CA_CERTS`, or errors are ignored, as here.
   */
  playwright(origin: string): PlaywrightContextOptions
}

export interface TlsIdentity {
  readonly cert: string
  readonly key: string
}

export interface MutualServerOptions extends TlsIdentity {
  readonly ca: string
  readonly requestCert: true
  readonly rejectUnauthorized: true
}

export interface PlaywrightContextOptions {
  readonly clientCertificates: { origin: string; cert: Buffer; key: Buffer }[]
  readonly ignoreHTTPSErrors: true
}

export function miniLeaf(parts: {
  readonly name: string
  readonly certificate: ForgedCertificate
  readonly rootPem: string
  /** Of the CAs below the root. */
  readonly chainPem: string
}): MiniLeaf {
  const { name, certificate, rootPem } = parts
  const { pem, der, key } = certificate
  const chainPem = pem + parts.chainPem
  const identity = { cert: chainPem, key: key.privateKeyPem }
  return {
    name,
    certificatePem: pem,
    chainPem,
    privateKeyPem: key.privateKeyPem,
    der,
    serialNumber: Buffer.from(certificate.serialNumber).toString('hex'),
    server: identity,
    mutualServer: { ...identity, ca: rootPem, requestCert: true, rejectUnauthorized: true },
    client: { ...identity, ca: rootPem },
    playwright: (origin) => ({
      clientCertificates: [{ origin, cert: Buffer.from(chainPem), key: Buffer.from(key.privateKeyPem) }],
      ignoreHTTPSErrors: true,
    }),
  }
}
