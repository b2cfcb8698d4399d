import {
  type Extension,
  isPkiError,
  knownExtensions,
  nameConstraints,
  parseCertificateRequest,
  parseOcspRequest,
  pemEncode,
} from '@certwright/core'
import * as fc from 'fast-check'
import type { Extension as PkijsExtension } from 'pkijs'
import { describe, expect, it } from 'vitest'
import { distantConstraints, everyExtension } from './round-trips/arbitrary-extensions.js'
import {
  certificate,
  crl,
  ocspRequest,
  ocspResponse,
  request,
  structures,
} from './round-trips/arbitrary-structures.js'
import { type Element, elementsOf, lengthenLength, withContent } from './round-trips/mangle.js'
import { differences } from './round-trips/pkijs-differences.js'
import {
  pkijsExtension,
  pkijsOcspRequest,
  rewriteCertificate,
  rewriteCrl,
  rewriteOcspRequest,
  rewriteOcspResponse,
  rewriteRequest,
} from './round-trips/pkijs-reads.js'
import { pkijsValue, plain } from './round-trips/pkijs-values.js'
import type { Artefact } from './artefacts.js'
import { ownReading, ownRequest } from './own-reading.js'
import { pkijsReading, pkijsRequest } from './pkijs-reading.js'
import { hexOf, numberOf } from './reading.js'

const octet = fc.nat({ max: 0xff })

describe.each(structures)('%s', (_kind, values, decode) => {
  it('is decoded to what was encoded', () => {
    fc.assert(
      fc.property(values, ({ given, der }) => {
        expect(decode(der)).toMatchObject(given)
      }),
    )
  })

  it('is refused with its end cut off, or with an octet behind it', () => {
    fc.assert(
      fc.property(values, octet, ({ der }, octet) => {
        for (let length = 0; length < der.length; length++) expectRefused(decode, der.subarray(0, length))
        expectRefused(decode, Uint8Array.of(...der, octet))
      }),
      { numRuns: 10 },
    )
  })

  it('is refused with a length that is not minimal, wherever it stands', () => {
    fc.assert(
      fc.property(values, fc.nat(), ({ der }, chosen) => {
        const elements = elementsOf(der)
        expectRefused(decode, lengthenLength(der, elements[chosen % elements.length] as Element))
      }),
    )
  })

  it('is refused with half an element, or an octet behind the last one, wherever it stands', () => {
    fc.assert(
      fc.property(values, fc.nat(), octet, ({ der }, chosen, octet) => {
        const outer = elementsOf(der).filter(({ children }) => children !== undefined)
        const element = outer[chosen % outer.length] as Element
        const content = der.subarray(element.contentStart, element.end)
        expectRefused(decode, withContent(der, element, Uint8Array.of(...content, octet)))
        const last = element.children?.at(-1)
        if (last === undefined) return
        const cut = 1 + (chosen % (last.end - last.start - 1))
        expectRefused(decode, withContent(der, element, content.subarray(0, content.length - cut)))
      }),
    )
  })
})

describe('pkijs finds in what we encode what we have put there, and writes it as we do:', () => {
  it.each([
    ['certificate', certificate, rewriteCertificate],
    ['crl', crl, rewriteCrl],
    ['ocsp', ocspResponse, rewriteOcspResponse],
  ] as const)('%s', (kind, values, rewrite) => {
    fc.assert(
      fc.property(values, ({ der }) => {
        const artefact = { kind, der, caId: '', at: new Date(0) } as Artefact
        // The alternative names are compared below, with the values of all extensions.
        expect({ ...pkijsReading(artefact), altNames: [] }).toEqual({ ...ownReading(artefact), altNames: [] })
        expect(rewrite(der)).toBe(hexOf(der))
      }),
    )
  })

  it('request', () => {
    fc.assert(
      fc.property(request, ({ der }) => {
        const pem = pemEncode('CERTIFICATE REQUEST', der)
        expect(pkijsRequest(der)).toEqual(ownRequest(pem))
        // RFC 2986 §4.1 has the attributes even where there are none; pkijs leaves them out.
        const hasAttributes = parseCertificateRequest(der).attributes.length > 0
        if (hasAttributes) expect(rewriteRequest(der)).toBe(hexOf(der))
        else expect(rewriteRequest(der)).not.toBe(hexOf(der))
      }),
    )
  })

  it('OCSP request', () => {
    fc.assert(
      fc.property(ocspRequest, ({ der }) => {
        expect(pkijsOcspRequest(der)).toEqual(ownOcspRequest(der))
        expect(rewriteOcspRequest(der)).toBe(hexOf(der))
      }),
    )
  })
})

describe('the value of the extension', () => {
  it.each(everyExtension.map(({ name, values }) => [name, values] as const))(
    '%s is decoded to what was encoded, by us and by pkijs',
    (_name, values) => {
      fc.assert(
        fc.property(values, ({ type, value, extension }) => {
          expect(type.decode(extension.valueDer)).toEqual(value)
          const json = JSON.stringify(plain(value))
          const known = differences.filter(({ isIn }) => isIn(json))
          if (known.some(({ spoils }) => spoils === 'value')) return
          const found = pkijsExtension(extension)
          expect(pkijsValue(found)).toEqual(plain(value))
          if (known.length === 0) expect(rewriteValue(found)).toBe(hexOf(extension.valueDer))
        }),
        { numRuns: 50 },
      )
    },
  )

  it('nameConstraints, with distances, is decoded to what was encoded', () => {
    fc.assert(
      fc.property(distantConstraints, (value) => {
        expect(nameConstraints.decode(nameConstraints.encode(value))).toEqual(value)
      }),
    )
  })

  it.each(differences.map((row) => [row.reason, row] as const))(
    'is another to pkijs: %s',
    (_reason, { spoils, example }) => {
      const type = knownExtensions.get(example.oid)
      const value = plain(type?.decode(example.valueDer))
      const found = pkijsExtension(example)
      if (spoils === 'value') expect(pkijsValue(found)).not.toEqual(value)
      else expect(pkijsValue(found)).toEqual(value)
      expect(spoils === 'value' || rewriteValue(found) !== hexOf(example.valueDer)).toBe(true)
    },
  )
})

/** In the form of `pkijsOcspRequest`. */
function ownOcspRequest(der: Uint8Array): unknown {
  const { requests, extensions } = parseOcspRequest(der)
  return {
    requests: requests.map(({ certId, extensions }) => ({
      hashAlgorithm: certId.hashAlgorithm,
      issuerNameHash: hexOf(certId.issuerNameHash),
      issuerKeyHash: hexOf(certId.issuerKeyHash),
      serialNumber: numberOf(certId.serialNumber),
      extensions: extensions.map(extensionOf),
    })),
    extensions: extensions.map(extensionOf),
  }
}

const extensionOf = ({ oid, critical, valueDer }: Extension): unknown => [oid, critical, hexOf(valueDer)]

const rewriteValue = ({ parsedValue }: PkijsExtension): string =>
  hexOf((parsedValue.toSchema?.() ?? parsedValue).toBER())

function expectRefused(decode: (der: Uint8Array) => unknown, der: Uint8Array): void {
  try {
    decode(der)
  } catch (error) {
    if (isPkiError(error)) return
    throw error
  }
  expect.fail(`accepted: ${hexOf(der)}`)
}
