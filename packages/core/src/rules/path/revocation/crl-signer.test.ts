import { expect, it } from 'vitest'
import type { Certificate } from '../../../x509/certificate.js'
import { createExtension } from '../../../x509/extension.js'
import { authorityKeyIdentifier } from '../../../x509/extensions/authority-key-identifier.js'
import { subjectKeyIdentifier } from '../../../x509/extensions/subject-key-identifier.js'
import { formatName } from '../../../x509/name.js'
import type { SignedData } from '../../../x509/signed-data.js'
import type { Asking } from '../questions.js'
import { caOf, crlOf, decide } from '../test-certificates.js'
import { type CrlIssuers, findCrlSigner } from './crl-signer.js'
import { SignatureChecks } from './signature-checks.js'

/** What is decided, and how many signatures were verified for it. */
function counted<T>(decision: Asking<T>): { readonly value: T; readonly asked: number } {
  const { value, asked } = decide(decision)
  return { value, asked: asked.length }
}

const mine = (octet: number) =>
  createExtension(subjectKeyIdentifier, Uint8Array.of(octet), { critical: false })
const by = (octet: number) =>
  createExtension(authorityKeyIdentifier, { keyIdentifier: Uint8Array.of(octet) }, { critical: false })
const [one, two, three] = [1, 2, 3].map((octet) => caOf('CA', { extensions: [mine(octet)] }))
if (one === undefined || two === undefined || three === undefined) throw new Error('there are three')
const crl = crlOf({ issuer: three, extensions: [by(3)] })

const issuers = (certificates: readonly Certificate[], rest: Partial<CrlIssuers> = {}): CrlIssuers => ({
  certificatesOf: (subject) => certificates.filter((ca) => formatName(ca.subject) === formatName(subject)),
  ...rest,
})
const find = (from: CrlIssuers, list = crl) => counted(findCrlSigner(list, from, new SignatureChecks()))
const all = [one.certificate, two.certificate, three.certificate]

it('the signer is the one whose key the list names, asked first', () => {
  expect(find(issuers(all))).toEqual({ value: three.certificate, asked: 1 })
})

it('a name of a key is a hint: others are asked too, and all where there is none', () => {
  const misleading = crlOf({ issuer: three, extensions: [by(1)] })
  expect(find(issuers(all), misleading)).toEqual({ value: three.certificate, asked: 3 })
  expect(find(issuers(all), crlOf({ issuer: three }))).toEqual({ value: three.certificate, asked: 3 })
  const silent = caOf('CA')
  expect(find(issuers([silent.certificate, ...all]))).toEqual({ value: three.certificate, asked: 1 })
})

it('nobody has signed it whose name is not that of the list, or whose key may not sign lists', () => {
  expect(find(issuers(all), crlOf({ issuer: { ...three, name: 'Another' } }))).toEqual({
    value: undefined,
    asked: 0,
  })
  const mayNot = caOf('CA', { key: three.key, usages: ['keyCertSign'] })
  expect(find(issuers([mayNot.certificate]))).toEqual({ value: undefined, asked: 0 })
})

it('a signer without a valid path is passed over', () => {
  const twin = caOf('CA', { key: three.key, extensions: [mine(3)] })
  const seen: Certificate[] = []
  // oxlint-disable-next-line eslint/require-yield -- it has nothing to ask
  const isTrusted = function* (candidate: Certificate): Asking<boolean> {
    seen.push(candidate)
    return candidate === twin.certificate
  }
  const pool = issuers([one.certificate, three.certificate, twin.certificate], { isTrusted })
  expect(find(pool).value).toBe(twin.certificate)
  // Whoever has not signed it is not asked for a path.
  expect(seen).toEqual([three.certificate, twin.certificate])
})

it('a signature is verified once, and two hundred in all', () => {
  const signatures = new SignatureChecks()
  const check = (signed: SignedData, signer: Certificate) => counted(signatures.isSignedBy(signed, signer))
  expect(check(crl, three.certificate)).toEqual({ value: true, asked: 1 })
  expect(check(crl, three.certificate)).toEqual({ value: true, asked: 0 })
  expect(check(crl, one.certificate)).toEqual({ value: false, asked: 1 })
  expect(check(crl, one.certificate)).toEqual({ value: false, asked: 0 })
  for (let i = 0; i < 198; i++) expect(check({ ...crl }, three.certificate).asked).toBe(1)
  expect(check({ ...crl }, three.certificate)).toEqual({ value: false, asked: 0 })
  expect(check(crl, three.certificate)).toEqual({ value: true, asked: 0 })
}, 30_000)

it('a key that cannot be read has signed nothing', () => {
  const broken = { ...three.certificate, spkiDer: Uint8Array.of(0x30, 0) }
  expect(find(issuers([broken]))).toEqual({ value: undefined, asked: 0 })
})
