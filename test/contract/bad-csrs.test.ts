import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { csr, der, extension, modulusOf, opensslCsr, p256, rsaSpki } from './csr.js'
import { createPki, type Pki } from './setup.js'
import { documented, faultsOf } from './shapes.js'

/* CSRs that are refused: by code and status, with a sentence that names the fault, and the store unchanged. */

let pki: Pki
beforeAll(async () => {
  pki = await createPki()
})

const body = (csrPem: string, change: object = {}) => ({
  caId: pki.cas.issuing,
  mode: 'csr',
  csrPem,
  ...change,
})

const issueFrom = async (csrPem: string) =>
  (await pki.call('POST', '/v1/certificates', { body: body(csrPem) })).json.certificate

async function expectRefusal(csrPem: string, code: string, says: RegExp, change: object = {}): Promise<void> {
  const before = await pki.snapshot()
  const answer = await pki.call('POST', '/v1/certificates', { body: body(csrPem, change) })
  expect([answer.status, answer.headers.get('certwright-error'), answer.json.error]).toEqual([
    400,
    code,
    expect.stringMatching(says),
  ])
  expect(faultsOf(answer.json, documented.error)).toEqual([])
  expect(await pki.snapshot()).toEqual(before)
}

const usages = (bits: number, unused: number): Uint8Array => extension('551d0f', der(0x03, [unused, bits]))
const purpose = (oidHex: string): Uint8Array =>
  extension('551d25', der(0x30, der(0x06, Buffer.from(oidHex, 'hex'))))

describe('what is no CSR', () => {
  const good = csr()
  const [header, ...lines] = good.trim().split('\n')
  it.each([
    ['an empty text', ''],
    ['a text', 'please'],
    ['another label', good.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE')],
    ['no end', [header, ...lines.slice(0, -1)].join('\n')],
    ['a line too little', [header, ...lines.slice(1)].join('\n')],
    ['a character that is no base64', good.replace(/M/, '*')],
    ['two of them', good + csr()],
  ])('%s', async (_case, csrPem) => {
    await expectRefusal(csrPem, 'invalid_csr', /^Cannot use CSR: /)
  })

  it('an octet behind the structure', async () => {
    const octets = Buffer.concat([Buffer.from(lines.slice(0, -1).join(''), 'base64'), Buffer.from([0])])
    const csrPem = `${header}\n${octets.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`
    await expectRefusal(csrPem, 'invalid_csr', /^Cannot use CSR: /)
  })

  it('64 KB of it', async () => {
    const answer = await pki.call('POST', '/v1/certificates', { body: body('A'.repeat(70_000)) })
    expect(answer.status).toBe(413)
  })
})

describe('a key that is not proved', () => {
  it('a broken signature', async () => {
    await expectRefusal(
      csr({ breakSignature: true }),
      'invalid_csr',
      /signature does not verify with its own key/,
    )
  })

  it("somebody else's key", async () => {
    const spkiDer = p256().publicKey.export({ type: 'spki', format: 'der' })
    await expectRefusal(csr({ spkiDer }), 'invalid_csr', /signature does not verify with its own key/)
  })
})

describe('a key that is weak or not known', () => {
  it.each([
    ['RSA-1024', ['-newkey', 'rsa:1024'], 'weak_key', /shorter than 2048 bits/],
    [
      'RSA with e = 3',
      ['-newkey', 'rsa:2048', '-pkeyopt', 'rsa_keygen_pubexp:3'],
      'weak_key',
      /exponent is below 65537/,
    ],
    [
      'secp256k1',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1'],
      'unsupported_algorithm',
      /1\.3\.132\.0\.10|secp256k1/,
    ],
    [
      'brainpoolP256r1',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1'],
      'unsupported_algorithm',
      /1\.3\.36\.3\.3\.2\.8\.1\.1\.7|brainpool/,
    ],
    [
      'P-224',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp224r1'],
      'unsupported_algorithm',
      /1\.3\.132\.0\.33|P-224/,
    ],
    [
      'explicit curve parameters',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-pkeyopt', 'ec_param_enc:explicit'],
      'invalid_csr',
      /./,
    ],
    ['X25519, which cannot even sign', [], 'unsupported_algorithm', /1\.3\.101\.110|X25519/],
    [
      'a signature with SHA-1',
      ['-newkey', 'rsa:2048', '-sha1'],
      'unsupported_algorithm',
      /1\.2\.840\.113549\.1\.1\.5|SHA-?1/i,
    ],
    [
      'a signature with MD5',
      ['-newkey', 'rsa:2048', '-md5'],
      'unsupported_algorithm',
      /1\.2\.840\.113549\.1\.1\.4|MD5/i,
    ],
  ])('%s', async (_case, newkey, code, says) => {
    const spkiDer = generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' })
    await expectRefusal(newkey.length === 0 ? csr({ spkiDer }) : opensslCsr(newkey), code, says)
  })

  const modulus = modulusOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey)
  it.each([
    ['e = 1', rsaSpki(modulus, 1n), 'invalid_csr', /exponent is not an odd number above 1/],
    ['a modulus divisible by 3', rsaSpki(divisibleBy(3n, modulus), 65537n), 'weak_key', /factor below/],
    ['a modulus divisible by 751', rsaSpki(divisibleBy(751n, modulus), 65537n), 'weak_key', /factor below/],
    ['the fingerprint of ROCA', rsaSpki(rocaModulus(modulus), 65537n), 'weak_key', /ROCA/],
    ['a square for a modulus', rsaSpki(primeLike(modulus) ** 2n, 65537n), 'weak_key', /factored/],
    ['an even modulus', rsaSpki(modulus - 1n, 65537n), 'invalid_csr', /modulus/],
    ['an even exponent', rsaSpki(modulus, 65538n), 'invalid_csr', /exponent/],
    ['no modulus', rsaSpki(0n, 65537n), 'invalid_csr', /modulus/],
    ['16,384 bits', rsaSpki(modulus ** 8n, 65537n), 'invalid_csr', /modulus/],
  ])('RSA: %s', async (_case, spkiDer, code, says) => {
    await expectRefusal(csr({ spkiDer }), code, says)
  })

  it('an elliptic point that is not on its curve', async () => {
    const spkiDer = Uint8Array.from(p256().publicKey.export({ type: 'spki', format: 'der' }))
    spkiDer[spkiDer.length - 1] = (spkiDer.at(-1) ?? 0) ^ 1
    await expectRefusal(csr({ spkiDer }), 'invalid_csr', /its key cannot be used.*not valid/)
  })
})

describe('what a CSR asks for and cannot have', () => {
  it.each([
    ['CA:TRUE', extension('551d13', der(0x30, der(0x01, [0xff])), true), 'profile_refused', /CA:TRUE/],
    ['keyCertSign', usages(0x04, 2), 'profile_refused', /keyCertSign/],
    [
      'the purpose OCSPSigning',
      purpose('2b06010505070309'),
      'profile_refused',
      /ocspSigning.*lends authority/i,
    ],
    ['any purpose', purpose('551d2500'), 'profile_refused', /anyExtendedKeyUsage|2\.5\.29\.37\.0/],
    ['the purpose codeSigning', purpose('2b06010505070303'), 'profile_refused', /codeSigning/],
    [
      'an unknown extension',
      extension('2b0601040182371400', der(0x05)),
      'profile_refused',
      /1\.3\.6\.1\.4\.1\.311\.20\.0/,
    ],
    [
      'name constraints',
      extension('551d1e', der(0x30, der(0xa0, der(0x30, der(0x82, [0x61]))))),
      'profile_refused',
      /nameConstraints/,
    ],
    [
      'certificate policies',
      extension('551d20', der(0x30, der(0x30, der(0x06, [0x2a, 3])))),
      'profile_refused',
      /certificatePolicies/,
    ],
    ['a key usage that is none', extension('551d0f', der(0x04, [1])), 'invalid_csr', /^Cannot use CSR: /],
    [
      'purposes with octets behind',
      extension('551d25', der(0x30, [0x06, 9])),
      'invalid_csr',
      /^Cannot use CSR: /,
    ],
    [
      'the same extension twice',
      Buffer.concat([usages(0x80, 7), usages(0x80, 7)]),
      'invalid_csr',
      /^Cannot use CSR: /,
    ],
  ])('%s', async (_case, asked, code, says) => {
    await expectRefusal(csr({ extensions: [asked] }), code, says)
  })

  it('a CSR without a subject is named by its SAN, and its renewal too', async () => {
    const newkey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
    const csrPem = opensslCsr(newkey, '-subj', '/', '-addext', 'subjectAltName=DNS:only.example.com')
    const { certificate } = (await pki.call('POST', '/v1/certificates', { body: body(csrPem) })).json
    expect(certificate).toMatchObject({ common_name: '', san_dns: ['only.example.com'] })
    const again = { body: { csrPem: opensslCsr(newkey, '-subj', '/') } }
    const renewed = await pki.call('POST', `/v1/certificates/${certificate.id}/renew`, again)
    expect(renewed.json.certificate).toMatchObject({ common_name: '', san_dns: ['only.example.com'] })
  })

  it('a CSR without any name, where the body has none either', async () => {
    const csrPem = opensslCsr(['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], '-subj', '/')
    await expectRefusal(
      csrPem,
      'name_refused',
      /has no name; give a common name or a subject alternative name/,
    )
  })

  it('what the profile gives anyway may be asked for', async () => {
    const extensions = [extension('551d13', der(0x30)), usages(0x80, 7), purpose('2b06010505070301')]
    expect((await pki.call('POST', '/v1/certificates', { body: body(csr({ extensions })) })).status).toBe(200)
  })

  it.each([
    ['NUL', 'a\0.example.com', /control character|NUL|IA5String/],
    ['a label of 64 octets', `${'a'.repeat(64)}.example.com`, /label of 64 octets/],
    ['a wildcard inside', 'a.*.example.com', /leftmost label/],
  ])('a SAN with %s', async (_case, name, says) => {
    await expectRefusal(csr({ sanDns: [name] }), 'name_refused', says)
  })

  it('too many SANs', async () => {
    const sanDns = Array.from({ length: 1000 }, (_, index) => `a${index}.example.com`)
    await expectRefusal(csr({ sanDns }), 'request_too_large', /100[01] names where at most 100/)
  })

  it('a directory name for a SAN', async () => {
    const directoryName = extension('551d11', der(0x30, der(0xa4, der(0x30))))
    await expectRefusal(csr({ extensions: [directoryName] }), 'profile_refused', /a form that is not issued/)
  })

  it('its names do not get past those of the body', async () => {
    const sanDns = Array.from({ length: 3 }, (_, index) => `a${index}..example.com`)
    await expectRefusal(csr({ sanDns }), 'name_refused', /empty label/)
    expect(
      (
        await pki.call('POST', '/v1/certificates', {
          body: body(csr({ sanDns }), { sanDns: ['b.example.com'] }),
        })
      ).status,
    ).toBe(200)
  })

  it('a key algorithm beside it', async () => {
    await expectRefusal(csr(), 'invalid_request', /keyAlgorithm/, { keyAlgorithm: 'ECDSA-P256' })
  })
})

describe('renewal', () => {
  it.each([
    ['without a CSR', () => undefined, 'csr_required', /needs a new one in "csrPem"/],
    [
      'with a CSR for another name',
      () => csr({ commonName: 'other.example.com' }),
      'name_refused',
      /"other\.example\.com"/,
    ],
    ['with a CSR whose signature is broken', () => csr({ breakSignature: true }), 'invalid_csr', /signature/],
  ])('of a certificate from a CSR, %s', async (_case, newCsr, code, says) => {
    const { id } = await issueFrom(csr())
    const before = await pki.snapshot()
    const csrPem = newCsr()
    const answer = await pki.call('POST', `/v1/certificates/${id}/renew`, {
      body: csrPem === undefined ? {} : { csrPem },
    })
    expect([answer.status, answer.headers.get('certwright-error'), answer.json.error]).toEqual([
      400,
      code,
      expect.stringMatching(says),
    ])
    expect(await pki.snapshot()).toEqual(before)
  })

  it('of a managed certificate, with a CSR', async () => {
    const { id } = await pki.issue()
    const before = await pki.snapshot()
    const answer = await pki.call('POST', `/v1/certificates/${id}/renew`, { body: { csrPem: csr() } })
    expect([answer.status, answer.headers.get('certwright-error')]).toEqual([400, 'csr_unexpected'])
    expect(answer.json.error).toMatch(/leave the CSR out/)
    expect(await pki.snapshot()).toEqual(before)
  })
})

/** The multiple of `factor` next to `modulus` that is odd. */
function divisibleBy(factor: bigint, modulus: bigint): bigint {
  const multiple = modulus - (modulus % factor)
  return multiple % 2n === 0n ? multiple + factor : multiple
}

/** A modulus as the defective generator made them: a power of 65537 modulo every prime up to 167. */
function rocaModulus(modulus: bigint): bigint {
  const primes = primesBelow(752)
  const product = primes.filter((prime) => prime <= 167n).reduce((left, right) => left * right)
  for (let candidate = modulus - (modulus % product) + 65537n; ; candidate += product) {
    if (primes.every((prime) => candidate % prime !== 0n)) return candidate
  }
}

/** 1,025 bits without a small factor: enough for a modulus that is the square of it. */
function primeLike(modulus: bigint): bigint {
  const primes = primesBelow(752)
  for (let candidate = (modulus >> 1023n) | 1n; ; candidate += 2n) {
    if (primes.every((prime) => candidate % prime !== 0n)) return candidate
  }
}

function primesBelow(limit: number): bigint[] {
  const primes: number[] = []
  for (let n = 2; n < limit; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  return primes.map(BigInt)
}
