/*
 * Bugs that validators have had, each planted in ours by replacing one piece of its source. A row that no longer applies
 * fails the test: whoever changes the source looks whether the bug has moved.
 */

export interface Mutant {
  /** What the validator does wrong, as the rest of a sentence. */
  readonly bug: string
  /** Below `packages/core/src`. */
  readonly file: string
  /** It stands there exactly once. */
  readonly from: string
  readonly to: string
}

const checks = 'rules/path/certificate-checks.ts'
const paths = 'rules/path/path-checks.ts'
const search = 'rules/path/find-path.ts'
const identity = 'rules/path/identity/service-identity.ts'
const constraints = 'rules/path/name-constraints.ts'
const subtrees = 'rules/path/subtree-set.ts'
const revocation = 'rules/path/revocation'
const verify = 'flows/validate/verify-certificate.ts'

export const mutants: readonly Mutant[] = [
  {
    bug: 'allows one CA more than the path length does',
    file: paths,
    from: 'intermediates <= limit)',
    to: 'intermediates <= limit + 1)',
  },
  {
    bug: 'counts self-issued CAs into the path length',
    file: paths,
    from: 'below.slice(1).filter((certificate) => !isSelfIssued(certificate)).length',
    to: 'below.slice(1).length',
  },
  {
    bug: 'ignores the critical bit',
    file: 'rules/path/processed-extensions.ts',
    from: 'critical && !processed.has(oid)',
    to: 'false && critical && !processed.has(oid)',
  },
  {
    bug: 'compares a name constraint as a suffix without a dot',
    file: subtrees,
    from: "exact.has('') || exact.has(name)",
    to: "exact.has('') || [...exact].some((one) => name.endsWith(one))",
  },
  {
    bug: 'compares names with constraints in their case',
    file: subtrees,
    from: 'const folded = bases.map(fold)',
    to: 'const folded = bases',
  },
  {
    bug: 'holds only the first alternative name against constraints',
    file: constraints,
    from: 'for (const name of subjectAltNames) {',
    to: 'for (const name of subjectAltNames.slice(0, 1)) {',
  },
  {
    bug: 'lets what is permitted win over what is excluded',
    file: constraints,
    from: "if (without.has(name, 'any'))",
    to: "if (permitted.length === 0 && without.has(name, 'any'))",
  },
  {
    bug: 'holds name constraints only against what the CA itself has issued',
    file: paths,
    from: 'if (depth > 0 && isSelfIssued(certificate)) continue',
    to: 'if (depth < below.length - 1) continue',
  },
  {
    bug: 'compares an address of version 4 with a network of version 6',
    file: subtrees,
    from: 'mask.length === address.length && networks.has(networkKey(address, mask))',
    to: '[...networks].some((one) => [one, networkKey(address, mask)].every((key, i, both) => both[1 - i]?.startsWith(key.slice(0, 8))))',
  },
  {
    bug: 'does not see a wildcard in an excluded subtree',
    file: constraints,
    from: "if (without.has(name, 'any'))",
    to: "if (without.has(name, 'all'))",
  },
  {
    bug: 'lets a wildcard stand for several labels',
    file: identity,
    from: 'isWildcard ? host.slice(1) : host',
    to: 'isWildcard ? host.slice(-labels.length) : host',
  },
  {
    bug: 'lets a wildcard stand for its parent domain',
    file: identity,
    from: 'isWildcard ? host.slice(1) : host',
    to: 'isWildcard && host.length > labels.length ? host.slice(1) : host',
  },
  {
    bug: 'takes a certificate for every host below its name',
    file: identity,
    from: 'compared.length === labels.length && compared.every(',
    to: 'compared.slice(-labels.length).every(',
  },
  {
    bug: 'reads a host from the common name where there is no alternative name',
    file: identity,
    from: 'const names = findExtension(certificate.extensions, subjectAltName) ?? []',
    to: `const names = findExtension(certificate.extensions, subjectAltName) ??
      certificate.subject.rdns.flat().map(({ value }) => ({ type: 'dns' as const, value }))`,
  },
  {
    bug: 'tries the first issuer only',
    file: search,
    from: 'for (const candidate of candidates) {',
    to: 'for (const candidate of candidates.slice(0, 1)) {',
  },
  {
    bug: 'does not verify the signature of the end entity',
    file: search,
    from: 'if (!(yield* this.#isSignedBy(top, certificate))) {',
    to: 'if (depth > 1 && !(yield* this.#isSignedBy(top, certificate))) {',
  },
  {
    bug: 'compares names octet by octet',
    file: 'rules/path/certificate-pool.ts',
    from: "import { nameKey } from '../../x509/name.js'",
    to: "const nameKey = (name: { der: Uint8Array }) => Buffer.from(name.der).toString('hex')",
  },
  {
    bug: 'excludes the last second of a validity',
    file: checks,
    from: 'if (now <= notAfter.getTime()) return undefined',
    to: 'if (now < notAfter.getTime()) return undefined',
  },
  {
    bug: 'does not look at notBefore',
    file: checks,
    from: 'if (now < notBefore.getTime()) {',
    to: 'if (now < 0) {',
  },
  {
    bug: 'does not look at the validity of CAs',
    file: checks,
    from: 'timeFault(on, settings) ??\n    criticalExtensionFault(on) ??',
    to: "(role === 'endEntity' ? timeFault(on, settings) : undefined) ??\n    criticalExtensionFault(on) ??",
  },
  {
    bug: 'takes a certificate without basicConstraints for a CA',
    file: checks,
    from: 'version !== 3 || findExtension(extensions, basicConstraints)?.isCa !== true',
    to: 'findExtension(extensions, basicConstraints)?.isCa === false',
  },
  {
    bug: 'does not ask for keyCertSign',
    file: checks,
    from: "usages.includes('keyCertSign')",
    to: 'usages.length > 0',
  },
  {
    bug: 'does not nest the purposes of CAs',
    file: checks,
    from: 'if (refused.length === 0) return undefined',
    to: "if (refused.length === 0 || role !== 'endEntity') return undefined",
  },
  {
    bug: 'does not look at the purposes of the end entity',
    file: checks,
    from: 'if (refused.length === 0) return undefined',
    to: "if (refused.length === 0 || role === 'endEntity') return undefined",
  },
  {
    bug: 'takes SHA-1',
    file: verify,
    from: 'allowSha1: request.allowSha1 ?? false',
    to: 'allowSha1: request.allowSha1 ?? true',
  },
  {
    bug: 'takes RSA keys of 1024 bits',
    file: verify,
    from: 'request.minimumRsaBits ?? 2048',
    to: 'request.minimumRsaBits ?? 1024',
  },
  {
    bug: 'does not look behind the end of a certificate',
    file: 'x509/certificate.ts',
    from: 'const content = reader.sequence()\n  reader.finish()',
    to: 'const content = reader.sequence()',
  },
  {
    bug: 'takes an extension that stands twice',
    file: 'x509/extension.ts',
    from: 'if (list.some(({ oid }) => oid === extension.oid))',
    to: 'if (list.some(({ oid }) => oid === extension.oid) && list.length > 255)',
  },
  {
    bug: 'does not require the policies that a CA requires',
    file: paths,
    from: 'explicitPolicy = Math.min(explicitPolicy, constraints?.requireExplicitPolicy ?? Infinity)',
    to: '',
  },
  {
    bug: 'lets anyPolicy stand where it is inhibited',
    file: paths,
    from: 'inhibitAny = Math.min(inhibitAny, findExtension(extensions, inhibitAnyPolicy) ?? Infinity)',
    to: '',
  },
  {
    bug: 'does not look at the scope of a CRL (IDP)',
    file: `${revocation}/crl-scope.ts`,
    from: 'if (scope === undefined) return undefined\n',
    to: 'if (scope?.indirectCRL !== true) return undefined\n',
  },
  {
    bug: 'takes a list about some reasons for one about all',
    file: `${revocation}/check-crls.ts`,
    from: 'if (covered.size === allReasons.length)',
    to: 'if (covered.size > 0)',
  },
  {
    bug: 'takes a CRL with a critical extension that it does not know',
    file: `${revocation}/check-crls.ts`,
    from: 'critical && !processed.has(oid)',
    to: 'false && critical && !processed.has(oid)',
  },
  {
    bug: 'takes a CRL that is out of date',
    file: `${revocation}/revocation-status.ts`,
    from: 'now > secondsOf(update.nextUpdate)',
    to: 'now > secondsOf(update.nextUpdate) + 3600',
  },
  {
    bug: 'does not verify the signature of a CRL',
    file: `${revocation}/crl-signer.ts`,
    from: '!(yield* signatures.isSignedBy(crl, candidate))',
    to: 'false',
  },
  {
    bug: 'takes a delta list for a complete one',
    file: `${revocation}/crl-pool.ts`,
    from: 'if (base === undefined) {',
    to: 'if (base === undefined || crls.length < 2 || base > 0n) {',
  },
  {
    bug: 'does not look for revoked CAs',
    file: `${revocation}/check-revocation.ts`,
    from: 'of path.slice(0, -1).entries()',
    to: 'of path.slice(0, 1).entries()',
  },
  {
    bug: 'takes an OCSP response about the serial number of another CA',
    file: `${revocation}/check-ocsp.ts`,
    from: 'certId.serialNumber === certificate.serialNumber && isIssuer(certId)',
    to: 'certId.serialNumber === certificate.serialNumber',
  },
  {
    bug: 'takes an OCSP response of anybody whom the CA has certified',
    file: `${revocation}/ocsp-responder.ts`,
    from: 'isForOcsp(responder) &&',
    to: '',
  },
  {
    bug: 'does not compare the nonce of an OCSP response',
    file: `${revocation}/check-ocsp.ts`,
    from: 'if (nonce !== undefined && !(answered',
    to: 'if (nonce !== undefined && !answered && !(answered',
  },
]
