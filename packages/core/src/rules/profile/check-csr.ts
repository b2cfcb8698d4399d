import { isCharacterString } from '../../x509/character-string.js'
import type { PublicKey } from '../../crypto/public-key.js'
import { PkiError } from '../../errors/pki-error.js'
import { attributeKeywords, fieldTypes } from '../../x509/attribute-types.js'
import { type CertificateRequest, extensionRequestType } from '../../x509/certificate-request.js'
import { decodeExtension, type Extension } from '../../x509/extension.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'
import { subjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js'
import { formatGeneralName, type GeneralName } from '../../x509/general-name.js'
import { formatIpAddress } from '../../x509/ip-address.js'
import { keyPurposeOf } from '../../x509/key-purposes.js'
import { knownExtensions } from '../../x509/known-extensions.js'
import type { Name } from '../../x509/name.js'
import type { SubjectNames } from './choose-names.js'
import { nameRefused } from './name-refusal.js'
import { isDelegatedPurpose, type Profile } from './profile.js'
import type { NameKind, RequestedNames } from './requested-names.js'

/*
 * A CSR is a request, not an authority. Its signature proves that the requester has the private key, and
 * nothing else in it is proved.
 *
 *   names       taken from common name and subjectAltName as a wish; they pass the profile's rules as all do
 *   subject     what stands beside the common name (O, C, …) is a claim of identity that nobody has checked.
 *               It is left out and reported, not refused: most tools fill it in with defaults ("Internet
 *               Widgits Pty Ltd")
 *   extensions  what the profile writes anyway may be asked for, and less than it; the rest is refused, since
 *               a requester who asks for CA:TRUE and silently gets something else is deceived either way
 *   attributes  those that only talk to another CA's desk are passed over (see below), unknown ones refused
 */

export interface CsrClaims extends Pick<CertificateRequest, 'subject' | 'extensions' | 'attributes'> {
  readonly publicKey: PublicKey
}

export interface CsrNames extends SubjectNames {
  /** Attributes of the subject that are not taken, as `O` or an OID. */
  readonly ignored: readonly string[]
}

/** They ask for nothing that stands in a certificate. */
const harmlessAttributes: ReadonlySet<string> = new Set([
  // RFC 2985 §5.4.1: a password for a later call to revoke. Nobody here asks for it, and it is not kept.
  '1.2.840.113549.1.9.7', // challengePassword
  '1.2.840.113549.1.9.2', // unstructuredName
  // Written by Windows about the machine of the requester [MS-WCCE §2.2.2.7].
  '1.3.6.1.4.1.311.13.2.2', // enrolment CSP
  '1.3.6.1.4.1.311.13.2.3', // version of the operating system
  '1.3.6.1.4.1.311.21.20', // client information
])

/**
 * @throws {PkiError} `profile_refused`: an extension, usage or purpose that the profile does not give;
 *   `name_refused`: a form of name that is not issued, or several common names; `invalid_csr`: an unknown
 *   attribute
 */
export function checkCsr(profile: Profile, csr: CsrClaims): CsrNames {
  for (const { type } of csr.attributes) {
    if (type !== extensionRequestType && !harmlessAttributes.has(type)) throw unknownAttribute(type)
  }
  for (const extension of csr.extensions) checkRequestedExtension(profile, csr.publicKey, extension)
  return { names: readAlternativeNames(profile, csr.extensions), ...readSubject(csr.subject) }
}

function checkRequestedExtension(profile: Profile, publicKey: PublicKey, extension: Extension): void {
  const refuse = (item: string, state: string) => notInProfile(profile, item, state)
  switch (extension.oid) {
    case subjectAltName.oid:
    // RFC 5280 §4.2.1.2 leaves the identifier to the CA. Tools (keytool) write one unasked.
    case subjectKeyIdentifier.oid:
      return
    case basicConstraints.oid:
      if (!decodeExtension(extension, basicConstraints).isCa) return
      throw refuse('basicConstraints', 'asks for CA:TRUE; certificates of CAs are not issued from a CSR')
    case keyUsage.oid: {
      const given: readonly string[] = profile.keyUsage[publicKey.family]
      const excess = decodeExtension(extension, keyUsage).find((usage) => !given.includes(usage))
      if (excess === undefined) return
      throw refuse(
        excess,
        `asks for the key usage ${excess}; with an ${publicKey.family} key it can have ${given.join(', ')}`,
      )
    }
    case extendedKeyUsage.oid:
      for (const oid of decodeExtension(extension, extendedKeyUsage)) checkPurpose(profile, oid)
      return
    default: {
      const name = knownExtensions.get(extension.oid)?.name ?? extension.oid
      throw refuse(
        name,
        `asks for the extension ${name}, which the profile does not take from a CSR; leave it out`,
      )
    }
  }
}

function checkPurpose(profile: Profile, oid: string): void {
  const name = keyPurposeOf(oid) ?? oid
  if (isDelegatedPurpose(oid)) {
    throw notInProfile(
      profile,
      name,
      `asks for the purpose ${name}, which lends authority of the CA and is never taken from a CSR`,
    )
  }
  if (profile.extendedKeyUsage.includes(oid)) return
  const given = profile.extendedKeyUsage.map((purpose) => keyPurposeOf(purpose) ?? purpose).join(', ')
  throw notInProfile(profile, name, `asks for the purpose ${name} where the profile gives ${given}`)
}

const isCommonName = ({ type }: { type: string }): boolean => type === fieldTypes.commonName.oid

function readSubject(subject: Name): { commonName: string | undefined; ignored: readonly string[] } {
  const attributes = subject.rdns.flat()
  const [commonName, another] = attributes.filter(isCommonName)
  if (another) throw nameRefused('commonName', another.value, 'several', 'is one of several; write one')
  if (commonName && !isCharacterString(commonName.tag)) {
    throw nameRefused('commonName', commonName.value, 'syntax', 'is not a text')
  }
  const others = attributes.filter((attribute) => !isCommonName(attribute))
  const ignored = [...new Set(others.map(({ type }) => attributeKeywords.get(type) ?? type))]
  return { commonName: commonName?.value, ignored }
}

function readAlternativeNames(profile: Profile, extensions: readonly Extension[]): RequestedNames {
  const names: Record<NameKind, string[]> = { dns: [], ip: [], email: [], uri: [] }
  const extension = extensions.find(({ oid }) => oid === subjectAltName.oid)
  if (extension === undefined) return names
  for (const name of decodeExtension(extension, subjectAltName)) {
    if (name.type === 'dns' || name.type === 'email' || name.type === 'uri') names[name.type].push(name.value)
    else if (name.type === 'ip') names.ip.push(formatIpAddress(name.address))
    else throw formNotIssued(profile, name)
  }
  return names
}

const formNotIssued = (profile: Profile, name: GeneralName): PkiError =>
  notInProfile(
    profile,
    name.type,
    `asks for the name ${formatGeneralName(name).slice(0, 80)}, of a form that is not issued`,
  )

function notInProfile(profile: Profile, item: string, state: string): PkiError<'profile_refused'> {
  const message = `Cannot issue certificate: the CSR ${state} (profile "${profile.name}")`
  return new PkiError('profile_refused', message, { profile: profile.name, item })
}

function unknownAttribute(type: string): PkiError<'invalid_csr'> {
  const message = `Cannot issue certificate: the CSR has an attribute ${type} that is not known; leave it out`
  return new PkiError('invalid_csr', message, { reason: 'attribute' })
}
