import type { LintRule } from './lint-rule.js'
import { altNameCriticality } from './rules/alt-name-criticality.js'
import { authorityKeyIdentifierMatches } from './rules/authority-key-identifier-matches.js'
import { basicConstraintsOfCa } from './rules/basic-constraints-of-ca.js'
import { canonicalEncoding } from './rules/canonical-encoding.js'
import { caExtensionsOnlyInCa } from './rules/ca-extensions-only-in-ca.js'
import { commonNameAmongAltNames } from './rules/common-name-among-alt-names.js'
import { countryCode } from './rules/country-code.js'
import { distributionPointUri } from './rules/distribution-point-uri.js'
import { dnsNameSyntax } from './rules/dns-name-syntax.js'
import { emailSyntax } from './rules/email-syntax.js'
import { informationAccessUri } from './rules/information-access-uri.js'
import { issuerMatches } from './rules/issuer-matches.js'
import { issuerNotEmpty } from './rules/issuer-not-empty.js'
import { keyCertSignOnlyInCa } from './rules/key-cert-sign-only-in-ca.js'
import { keyUsageCritical } from './rules/key-usage-critical.js'
import { keyUsageFitsKey } from './rules/key-usage-fits-key.js'
import { keyUsageOfCa } from './rules/key-usage-of-ca.js'
import { mustBeCritical } from './rules/must-be-critical.js'
import { mustNotBeCritical } from './rules/must-not-be-critical.js'
import { nameAttributeLength } from './rules/name-attribute-length.js'
import { nameConstraintsComparable } from './rules/name-constraints-comparable.js'
import { nameStringType } from './rules/name-string-type.js'
import { noAnyPurpose } from './rules/no-any-purpose.js'
import { noRepeatedAltName } from './rules/no-repeated-alt-name.js'
import { noRepeatedPurpose } from './rules/no-repeated-purpose.js'
import { noRevocationIsConsistent } from './rules/no-revocation-is-consistent.js'
import { noUniqueIdentifiers } from './rules/no-unique-identifiers.js'
import { noUnknownCriticalExtension } from './rules/no-unknown-critical-extension.js'
import { ocspNoCheckOnlyInResponder } from './rules/ocsp-no-check-only-in-responder.js'
import { publicKey } from './rules/public-key.js'
import { purposeFitsKeyUsage } from './rules/purpose-fits-key-usage.js'
import { serialNumber } from './rules/serial-number.js'
import { serialNumberLength } from './rules/serial-number-length.js'
import { serverHasAltName } from './rules/server-has-alt-name.js'
import { signatureAlgorithm } from './rules/signature-algorithm.js'
import { subjectKeyIdentifierOfCa } from './rules/subject-key-identifier-of-ca.js'
import { subjectOfCa } from './rules/subject-of-ca.js'
import { subjectOrAltName } from './rules/subject-or-alt-name.js'
import { uriSyntax } from './rules/uri-syntax.js'
import { validityInsideIssuer } from './rules/validity-inside-issuer.js'
import { validityOrder } from './rules/validity-order.js'
import { version } from './rules/version.js'

/** In the order of a certificate's fields: that is the order in which findings are read. */
export const allRules: readonly LintRule[] = [
  version,
  serialNumber,
  serialNumberLength,
  signatureAlgorithm,
  issuerNotEmpty,
  issuerMatches,
  validityOrder,
  validityInsideIssuer,
  subjectOfCa,
  subjectOrAltName,
  altNameCriticality,
  nameAttributeLength,
  countryCode,
  nameStringType,
  publicKey,
  noUniqueIdentifiers,
  authorityKeyIdentifierMatches,
  subjectKeyIdentifierOfCa,
  basicConstraintsOfCa,
  keyUsageOfCa,
  keyCertSignOnlyInCa,
  keyUsageCritical,
  keyUsageFitsKey,
  noAnyPurpose,
  noRepeatedPurpose,
  purposeFitsKeyUsage,
  ocspNoCheckOnlyInResponder,
  noRevocationIsConsistent,
  noRepeatedAltName,
  dnsNameSyntax,
  emailSyntax,
  uriSyntax,
  commonNameAmongAltNames,
  serverHasAltName,
  mustBeCritical,
  mustNotBeCritical,
  noUnknownCriticalExtension,
  caExtensionsOnlyInCa,
  nameConstraintsComparable,
  distributionPointUri,
  informationAccessUri,
  canonicalEncoding,
]
