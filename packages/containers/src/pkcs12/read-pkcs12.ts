import { type Certificate, parseCertificate } from '@certwright/core'
import { OctetString } from 'asn1js'
import {
  AuthenticatedSafe,
  CertBag,
  ContentInfo,
  EncryptedData,
  PFX,
  PKCS8ShroudedKeyBag,
  PrivateKeyInfo,
  type SafeBag,
  SafeContents,
} from 'pkijs'
import { tooMuch, unreadable, unsupportedAlgorithm } from '../container-errors.js'
import { encodeDer, parseDer, readAs } from '../der.js'
import { openSealedKey } from '../encrypted-private-key.js'
import { issuersOf, sameBytes } from '../issued-chain.js'
import { octetsOf } from '../key-derivation.js'
import { checkPassword } from '../password.js'
import { open, type Opening } from '../pbes2.js'
import { type OpeningLimits, type WorkBudget, workBudget } from '../work-budget.js'
import { type BagAttributes, bagIds, readAttributes } from './bags.js'
import { verifyMac } from './mac.js'

/*
 * The MAC is verified before anything is decrypted: what comes out of CBC without one may be what somebody else wanted to
 * come out. So a file without a MAC is refused, and so is one under a signature, which nothing writes.
 */

/** Of the MAC's key derivation, which is JavaScript and takes about 2 s for so many, beside what all else may take. */
const maximumMacIterations = 1_000_000

/** Of keys and certificates: .NET stops at 200 of each (Pkcs12LoaderLimits), trust stores of Java have about 150. */
const maximumBags = 2_000

const structure = 'PKCS#12'
const legacyAdvice =
  'convert it with "openssl pkcs12 -legacy -in OLD -noenc -out PEM" and "openssl pkcs12 -export -in PEM -out NEW"'

/** A private key with what belongs to it: `PrivateKeyEntry` in Java. */
export interface Pkcs12Key {
  /** PKCS#8, not encrypted: the caller overwrites it after use. Its type is not looked at. */
  readonly pkcs8Der: Uint8Array
  readonly friendlyName: string | undefined
  /** The certificate with the same localKeyId. */
  readonly certificate: Certificate | undefined
  /** The certificate's issuers as far as the file has them, nearest first; by names and key identifiers, unverified. */
  readonly chain: readonly Certificate[]
}

export interface Pkcs12Certificate {
  readonly certificate: Certificate
  readonly friendlyName: string | undefined
}

export interface Pkcs12 {
  readonly keys: readonly Pkcs12Key[]
  /** All certificates in the order of the file, those of the keys and their issuers included. */
  readonly certificates: readonly Pkcs12Certificate[]
}

/**
 * What is in a PKCS#12 that OpenSSL 3, Java 8u301 or later, or `createPkcs12` has written.
 *
 * @param password that of the MAC and of everything inside; '' where there is none
 * @throws {PkiError} `wrong_password`: or the file is damaged
 * @throws {PkiError} `unsupported_algorithm`: 3DES, RC2 and other schemes of old (the message says how to convert), PBMAC1,
 * secrets and CRLs, encryption to a certificate
 * @throws {PkiError} `request_too_large`: it asks for more work than `maximumWork`, more than a million iterations of the
 * MAC, or has more than 2,000 bags
 * @throws {PkiError} `invalid_der` | `der_limit_exceeded` | `invalid_structure` | `invalid_request`
 */
export async function readPkcs12(
  der: Uint8Array,
  password: string,
  limits: OpeningLimits = {},
): Promise<Pkcs12> {
  checkPassword(password, 'read PKCS#12')
  const macBudget = workBudget(structure, limits, maximumMacIterations)
  const safe = await authenticatedSafe(der, password, macBudget)
  const opening = { structure, legacyAdvice, budget: workBudget(structure, limits) }
  const bags: SafeBag[] = []
  for (const content of safe.safeContents) {
    bags.push(...(await safeBags(content, password, opening)))
    if (bags.length > maximumBags)
      throw tooMuch(structure, 'bags', { count: bags.length, maximum: maximumBags })
  }
  const certificates = bags.filter(({ bagId }) => bagId === bagIds.certificate).map(readCertificate)
  const keys: KeyBag[] = []
  try {
    for (const bag of bags) {
      if (bag.bagId !== bagIds.certificate) keys.push(await readKey(bag, password, opening))
    }
  } catch (error) {
    for (const { pkcs8Der } of keys) pkcs8Der.fill(0)
    throw error
  }
  return {
    keys: keys.map((key) => keyEntry(key, certificates)),
    certificates: certificates.map(({ certificate, friendlyName }) => ({ certificate, friendlyName })),
  }
}

async function authenticatedSafe(
  der: Uint8Array,
  password: string,
  budget: WorkBudget,
): Promise<AuthenticatedSafe> {
  const { version, authSafe, macData } = readAs(PFX, parseDer(der, structure), structure)
  if (version !== 3) throw unreadable(structure, `its version is ${version} where 3 is expected`)
  if (authSafe.contentType !== ContentInfo.DATA)
    throw unreadable(structure, 'it is not protected by a password')
  if (macData === undefined) {
    throw unreadable(
      structure,
      'it has no MAC: write it again with one, without the option "-nomac" of openssl',
    )
  }
  const content = dataOf(authSafe)
  await verifyMac(macData, content, { password, structure, budget })
  return readAs(AuthenticatedSafe, parseDer(content, structure), structure)
}

function dataOf({ content }: ContentInfo): Uint8Array<ArrayBuffer> {
  if (!(content instanceof OctetString)) throw unreadable(structure, 'its data is no OCTET STRING')
  return octetsOf(content)
}

async function safeBags(content: ContentInfo, password: string, opening: Opening): Promise<SafeBag[]> {
  switch (content.contentType) {
    case ContentInfo.DATA:
      return bagsOf(dataOf(content))
    case ContentInfo.ENCRYPTED_DATA: {
      const { encryptedContentInfo } = readAs(EncryptedData, content.content, structure)
      const { contentEncryptionAlgorithm: algorithm, encryptedContent } = encryptedContentInfo
      if (encryptedContent === undefined) throw unreadable(structure, 'an encrypted part of it is elsewhere')
      const ciphertext = Uint8Array.from(encryptedContent.valueBlock.valueHexView)
      const plaintext = await open({ algorithm, ciphertext }, password, opening)
      try {
        return bagsOf(plaintext)
      } finally {
        plaintext.fill(0)
      }
    }
    default:
      throw unsupportedAlgorithm(
        structure,
        `content ${content.contentType}`,
        'encryption under a password is',
      )
  }
}

function bagsOf(der: Uint8Array): SafeBag[] {
  return readAs(SafeContents, parseDer(der, structure), structure).safeBags
}

interface CertificateBag extends BagAttributes {
  readonly certificate: Certificate
}

function readCertificate({ bagValue, bagAttributes }: SafeBag): CertificateBag {
  const value = bagValue instanceof CertBag ? bagValue.certValue : undefined
  if (!(value instanceof OctetString))
    throw unreadable(structure, 'it has a certificate of another kind than X.509')
  return { certificate: parseCertificate(octetsOf(value)), ...readAttributes(bagAttributes) }
}

interface KeyBag extends BagAttributes {
  readonly pkcs8Der: Uint8Array
}

async function readKey(bag: SafeBag, password: string, opening: Opening): Promise<KeyBag> {
  const attributes = readAttributes(bag.bagAttributes)
  if (bag.bagValue instanceof PKCS8ShroudedKeyBag) {
    return { pkcs8Der: await openSealedKey(bag.bagValue, password, opening), ...attributes }
  }
  if (bag.bagValue instanceof PrivateKeyInfo) {
    // Encrypted by nothing of its own: `-keypbe NONE` of OpenSSL.
    return { pkcs8Der: encodeDer(bag.bagValue.toSchema()), ...attributes }
  }
  throw unsupportedAlgorithm(structure, `a bag ${bag.bagId}`, 'keys and certificates are')
}

function keyEntry(
  { pkcs8Der, friendlyName, localKeyId }: KeyBag,
  certificates: readonly CertificateBag[],
): Pkcs12Key {
  const certificate = certificates.find(
    (bag) =>
      localKeyId !== undefined && bag.localKeyId !== undefined && sameBytes(bag.localKeyId, localKeyId),
  )?.certificate
  const pool = certificates.map((bag) => bag.certificate)
  const chain = certificate === undefined ? [] : issuersOf(certificate, pool)
  return { pkcs8Der, friendlyName, certificate, chain }
}
