import {
  crlEntries,
  parseCertificate,
  parseCertificateRequest,
  parseCrl,
  parseOcspRequest,
  parseOcspResponse,
  parseTbsCertificate,
} from '@certwright/core'

/** By `params.type`. Whatever a parser leaves for later is read too: a CRL's entries have extensions of their own. */
export const parsers = {
  certificate: parseCertificate,
  tbsCertificate: parseTbsCertificate,
  crl: (der: Uint8Array) => {
    const crl = parseCrl(der)
    return { ...crl, entries: [...crlEntries(crl)] }
  },
  csr: parseCertificateRequest,
  ocspRequest: parseOcspRequest,
  ocspResponse: (der: Uint8Array) => {
    const response = parseOcspResponse(der)
    return response.status === 'successful' ? response.basic : response
  },
} as const

export const isParserName = (type: string): type is keyof typeof parsers => Object.hasOwn(parsers, type)
