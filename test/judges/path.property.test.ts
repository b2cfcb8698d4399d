import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pemEncode } from '@certwright/core'
import { verifyCertificate } from '@certwright/core/path'
import * as fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import {
  caOf,
  days,
  leafOf,
  noon,
  type TestCa,
} from '../../packages/core/src/rules/path/test-certificates.js'
import { createExtension } from '../../packages/core/src/x509/extension.js'
import { extendedKeyUsage } from '../../packages/core/src/x509/extensions/extended-key-usage.js'
import { nameConstraints } from '../../packages/core/src/x509/extensions/name-constraints.js'
import { policyConstraints } from '../../packages/core/src/x509/extensions/policy-constraints.js'
import { keyPurposes } from '../../packages/core/src/x509/key-purposes.js'

/*
 * The same chains before OpenSSL and before us: CAs with whatever they may be bound by, right or wrong. Left out is what
 * OpenSSL is known to see otherwise: dead ends among the intermediates, where it gives up and we go on (BetterTLS).
 */

const folder = mkdtempSync(join(tmpdir(), 'certwright-path-'))
afterAll(() => rmSync(folder, { recursive: true }))

const host = fc.constantFrom('db.example.org', 'db.example.com', 'example.org', 'deep.db.example.org')
const subtree = fc.constantFrom('example.org', 'db.example.org', 'example.com', '')
const rarely = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })

const ca = fc.record({
  pathLength: rarely(fc.nat(2)),
  expired: rarely(fc.constant(true)),
  usages: rarely(fc.constant(['cRLSign'] as const)),
  permitted: rarely(subtree),
  excluded: rarely(subtree),
  purpose: rarely(fc.constantFrom(keyPurposes.serverAuth, keyPurposes.clientAuth)),
  explicit: rarely(fc.nat(1)),
})
const chain = fc.record({
  cas: fc.array(ca, { minLength: 1, maxLength: 3 }),
  host,
  asked: rarely(host),
  expired: rarely(fc.constant(true)),
  purpose: rarely(fc.constantFrom(keyPurposes.serverAuth, keyPurposes.clientAuth)),
})

const pem = (certificate: { readonly der: Uint8Array }): string => pemEncode('CERTIFICATE', certificate.der)

const subtrees = (value: string | undefined) =>
  value === undefined ? [] : [{ base: { type: 'dns' as const, value }, minimum: 0 }]

const purposeOf = (oid: string | undefined) =>
  oid === undefined ? [] : [createExtension(extendedKeyUsage, [oid], { critical: false })]

function opensslAccepts(
  files: { anchor: string; intermediates: string; leaf: string },
  asked: string,
): boolean {
  const names = Object.entries(files).map(([name, pem]) => {
    const path = join(folder, `${name}.pem`)
    writeFileSync(path, pem)
    return path
  }) as [string, string, string]
  const [anchor, intermediates, leaf] = names
  const time = String(noon.getTime() / 1000)
  const args = [
    'verify',
    '-attime',
    time,
    '-purpose',
    'sslserver',
    '-verify_hostname',
    asked,
    '-policy_check',
  ]
  try {
    execFileSync('openssl', [...args, '-CAfile', anchor, '-untrusted', intermediates, leaf], {
      stdio: 'pipe',
    })
    return true
  } catch {
    return false
  }
}

it('a chain is valid for us exactly if it is for OpenSSL', () => {
  let accepted = 0
  fc.assert(
    fc.property(chain, (spec) => {
      const root = caOf('Root')
      const { asked = spec.host } = spec
      let issuer: TestCa = root
      const intermediates = spec.cas.map((bound, i) => {
        const { permitted, excluded } = bound
        const constraints =
          permitted === undefined && excluded === undefined
            ? []
            : [
                createExtension(
                  nameConstraints,
                  { permitted: subtrees(permitted), excluded: subtrees(excluded) },
                  { critical: true },
                ),
              ]
        const explicit =
          bound.explicit === undefined
            ? []
            : [
                createExtension(
                  policyConstraints,
                  { requireExplicitPolicy: bound.explicit },
                  { critical: true },
                ),
              ]
        issuer = caOf(`CA ${i}`, {
          issuer,
          ...(bound.usages && { usages: bound.usages }),
          ...(bound.pathLength !== undefined && { pathLength: bound.pathLength }),
          ...(bound.expired === true && { notAfter: days(-1, noon) }),
          extensions: [...constraints, ...explicit, ...purposeOf(bound.purpose)],
        })
        return issuer.certificate
      })
      const leaf = leafOf(issuer, {
        host: spec.host,
        extensions: purposeOf(spec.purpose),
        ...(spec.expired === true && { notAfter: days(-1, noon) }),
      })
      const verdict = verifyCertificate({
        certificate: leaf,
        intermediates,
        trustAnchors: [root.certificate],
        at: noon,
        purpose: 'serverAuth',
        identity: { type: 'dns', value: asked },
      })
      if (verdict instanceof Promise) throw new Error('the verdict was not given at once')
      const theirs = opensslAccepts(
        { anchor: pem(root.certificate), intermediates: intermediates.map(pem).join(''), leaf: pem(leaf) },
        asked,
      )
      if (theirs) accepted++
      const why = verdict.ok ? 'valid' : verdict.faults[0]?.message
      expect({ valid: verdict.ok, why }).toEqual({ valid: theirs, why })
    }),
    { numRuns: 250 },
  )
  // A test in which nothing is valid would say nothing.
  expect(accepted).toBeGreaterThan(25)
}, 60_000)
