import type { Certificate } from '../../x509/certificate.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { certificatePolicies } from '../../x509/extensions/certificate-policies.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { inhibitAnyPolicy } from '../../x509/extensions/inhibit-any-policy.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { nameConstraints } from '../../x509/extensions/name-constraints.js'
import { policyConstraints } from '../../x509/extensions/policy-constraints.js'
import { policyMappings } from '../../x509/extensions/policy-mappings.js'
import { subjectAltName } from '../../x509/extensions/subject-alt-name.js'

/** RFC 5280 §4.2: what "applications conforming to this profile MUST recognize", and policyMappings, which most do. */
const processed: ReadonlySet<string> = new Set(
  [
    keyUsage,
    certificatePolicies,
    policyMappings,
    subjectAltName,
    basicConstraints,
    nameConstraints,
    policyConstraints,
    extendedKeyUsage,
    inhibitAnyPolicy,
  ].map(({ oid }) => oid),
)

/** The OID of a critical extension that validators are not bound to process, and then must refuse (§4.2). */
export function unprocessableExtension(certificate: Certificate): string | undefined {
  return certificate.extensions.find(({ oid, critical }) => critical && !processed.has(oid))?.oid
}
