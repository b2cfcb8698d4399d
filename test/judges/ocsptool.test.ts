import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { issueFrom, rootAndIssuingCa } from './hierarchy.js'
import { certificatesPem } from './verify-path.js'
import { createWorld } from './world.js'

/* GnuTLS as a client of OCSP, where it is installed: it makes the question, and verifies and reads the answer. */

const missing = spawnSync('ocsptool', ['--version']).status === 0 ? '' : ' (no ocsptool: install gnutls-bin)'
const run = promisify(execFile)
const passphrase = 'correct horse'

describe.skipIf(missing !== '')(`ocsptool${missing}`, () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'certwright-judge-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const file = (name: string, content?: string | Uint8Array): string => {
    const path = join(folder, name)
    if (content !== undefined) writeFileSync(path, content)
    return path
  }

  it.for([
    ['the CA itself', {}, {}],
    ['its delegated responder', { passphrase }, { caPassphrase: passphrase }],
  ] as const)('takes good and revoked from %s', async ([_, issuingOptions, unlocked]) => {
    const world = createWorld()
    // It looks at the clock of the machine, and so do we here.
    world.now = new Date()
    const { authority, caller } = world
    const { issuingCa } = await rootAndIssuingCa(world, { issuingCa: issuingOptions })
    const { certificate } = await issueFrom(issuingCa, world, unlocked)
    const issuer = file('issuer.pem', certificatesPem([issuingCa.certificateDer]))
    const leaf = file('leaf.pem', certificatesPem([certificate.certificateDer]))

    async function ask(): Promise<string> {
      const request = file('request.der')
      const question = ['--load-issuer', issuer, '--load-cert', leaf, '--outfile', request]
      await run('ocsptool', ['--generate-request', ...question])
      const { der } = await authority.answerOcsp(issuingCa.id, new Uint8Array(readFileSync(request)))
      const answer = file('answer.der', der)
      // The issuer, or who has its certificate for this (RFC 6960 §4.2.2.2).
      const verifying = ['--verify-response', '--load-signer', issuer, '--load-response', answer]
      return (await run('ocsptool', verifying)).stdout
    }

    const good = await ask()
    expect(good).toContain('Verifying OCSP Response: Success.')
    expect(good).toMatch(/Certificate Status: good/)
    const revocation = { certificateId: certificate.id, reason: 'keyCompromise', ...unlocked } as const
    await authority.revoke(revocation, caller)
    const revoked = await ask()
    expect(revoked).toContain('Verifying OCSP Response: Success.')
    expect(revoked).toMatch(/Certificate Status: revoked/)
  })
})
