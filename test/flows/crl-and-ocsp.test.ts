import { EventEmitter, once } from 'node:events'
import {
  archiveCutoff,
  createAuthority,
  cRLNumber,
  crlEntries,
  findExtension,
  ocspNonce,
  parseCertificate,
  parseCrl,
  parseOcspResponse,
  PkiError,
  type SerialNumber,
} from '@certwright/core'
import { memoryStorage } from '@certwright/memory'
import { observePorts } from '@certwright/testing'
import { describe, expect, it } from 'vitest'
import { hanging } from './hanging-custody.js'
import {
  asHost,
  cheapCustody,
  day,
  newCsr,
  newRoot,
  newSetting,
  ocspQuestion,
  ocspQuestions,
  ocspStatus,
} from './setting.js'
import { replaceMethods } from '../../packages/testing/src/chaos/replace-methods.js'

const csrPem = await newCsr({ commonName: 'db.example.org' })

async function setting() {
  let signatures = 0
  const ports = observePorts({ storage: memoryStorage(), custody: cheapCustody() }, ({ name, when }) => {
    if (name === 'custody.sign' && when === 'after') signatures++
  })
  const made = newSetting(ports)
  const root = await newRoot(made.authority)
  const issue = async () =>
    (await made.authority.issue({ caId: root.id, mode: 'csr', csrPem }, asHost)).certificate
  return { ...made, root, issue, signatures: () => signatures }
}

const serialsOn = (der: Uint8Array): readonly SerialNumber[] =>
  [...crlEntries(parseCrl(der))].map(({ serialNumber }) => serialNumber)

describe('a CRL', () => {
  it('says when it was made, until when it counts, and its number (RFC 5280 §5.1.2.4, §5.1.2.5, §5.2.3)', async () => {
    const { authority, root, clock } = await setting()
    const { der, number, thisUpdate, nextUpdate } = await authority.crl(root.id)
    const crl = parseCrl(der)
    expect(crl).toMatchObject({ thisUpdate, nextUpdate, version: 2 })
    expect([thisUpdate, nextUpdate.getTime() - thisUpdate.getTime()]).toEqual([clock.now(), 7 * day * 1000])
    expect(findExtension(crl.extensions, cRLNumber)).toBe(BigInt(number))
    expect([...crl.issuer.der]).toEqual([...parseCertificate(root.certificateDer).subject.der])
  })

  it('is made again only for a revocation, or when half of its life is over', async () => {
    const { authority, root, clock, issue } = await setting()
    const number = async () => (await authority.crl(root.id)).number
    const certificate = await issue()
    expect([await number(), await number()]).toEqual([1, 1])
    clock.forward(3.5 * day - 1)
    expect(await number()).toBe(1)
    clock.forward(1)
    expect(await number()).toBe(2)
    await authority.revoke({ certificateId: certificate.id }, asHost)
    expect([await number(), await number()]).toEqual([3, 3])
  })

  it('is made once for 50 who ask at the same time', async () => {
    const { authority, root, signatures } = await setting()
    const before = signatures()
    const lists = await Promise.all(Array.from({ length: 50 }, () => authority.crl(root.id)))
    expect(signatures() - before).toBe(1)
    expect(new Set(lists.map(({ number }) => number))).toEqual(new Set([1]))
  })

  it('that is being made when a certificate is revoked is not the answer to who asks afterwards', async () => {
    const { authority, root, issue } = await setting()
    const certificate = await issue()
    const running = authority.crl(root.id)
    // As soon as its entries are read.
    for (let turn = 0; turn < 8; turn++) await Promise.resolve()
    await authority.revoke({ certificateId: certificate.id }, asHost)
    const [, after] = await Promise.all([running, authority.crl(root.id)])
    expect(serialsOn(after.der)).toEqual([certificate.serialNumber])
  })

  it('that could not be made leaves the next one to be tried', async () => {
    const { storage, custody, authority: whole, root, clock } = await setting()
    let fails = true
    const ports = observePorts({ storage, custody }, ({ name }) => {
      if (name === 'custody.sign' && fails) throw new Error('the module is away')
    })
    const { authority } = newSetting({ ...ports, clock })
    await expect(authority.crl(root.id)).rejects.toThrow('the module is away')
    fails = false
    // The first number was reserved and is lost: a number is never on two lists.
    expect((await authority.crl(root.id)).number).toBe(2)
    expect((await whole.crl(root.id)).number).toBe(2)
  })

  it('has a greater number than all before it, however many are made at once', async () => {
    const { authority, root } = await setting()
    const lists = await Promise.all(
      Array.from({ length: 10 }, () => authority.publishCrl({ caId: root.id }, asHost)),
    )
    expect(lists.map(({ number }) => number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect((await authority.crl(root.id)).number).toBe(10)
  })

  it('never knows less than one with a smaller number: publishers that cross make theirs anew', async () => {
    const { authority, storage, custody, root, issue } = await setting()
    const { id: certificateId, serialNumber } = await issue()
    const request = { caId: root.id }
    const { slow, begun, letGo } = hanging(custody)
    const gate = new EventEmitter()
    const [isPaused, mayRead] = [once(gate, 'paused'), once(gate, 'read')]
    const pausing = replaceMethods(storage, {
      crlState: async (...asked) => {
        gate.emit('paused')
        await mayRead
        return storage.crlState(...asked)
      },
    })
    const first = createAuthority({ storage: pausing, custody }).publishCrl(request, asHost)
    await isPaused
    const second = createAuthority({ storage, custody: slow }).publishCrl(request, asHost)
    await begun
    await authority.revoke({ certificateId }, asHost)
    gate.emit('read')
    const firstList = await first
    letGo()
    const secondList = await second
    expect([firstList.number, secondList.number]).toEqual([1, 3])
    expect([serialsOn(firstList.der), serialsOn(secondList.der)]).toEqual([[serialNumber], [serialNumber]])
  })

  it('goes on after the clock was set back: served until time has caught up, replaced for a revocation', async () => {
    const { authority, root, clock, issue } = await setting()
    const certificate = await issue()
    expect((await authority.crl(root.id)).number).toBe(1)
    clock.forward(-3600)
    expect((await authority.crl(root.id)).number).toBe(1)
    await authority.revoke({ certificateId: certificate.id }, asHost)
    const next = await authority.crl(root.id)
    expect(next.number).toBe(2)
    expect(serialsOn(next.der)).toEqual([certificate.serialNumber])
  })

  it('has each certificate once, in the order in which the last word on each was spoken', async () => {
    const { authority, root, issue } = await setting()
    const certificates = [await issue(), await issue(), await issue()]
    for (const { id } of certificates)
      await authority.revoke({ certificateId: id, reason: 'certificateHold' }, asHost)
    for (const { id } of certificates.reverse()) await authority.revoke({ certificateId: id }, asHost)
    const serials = serialsOn((await authority.crl(root.id)).der)
    expect(serials).toEqual(certificates.map(({ serialNumber }) => serialNumber))
  })

  it('is that of a CA that exists', async () => {
    const { authority } = await setting()
    await expect(authority.crl('01900000-0000-7000-8000-000000000000')).rejects.toMatchObject({
      code: 'ca_not_found',
    })
  })
})

/** An OCSPRequest whose list of certificates has a megabyte of zeros. */
function longRequest(): Uint8Array {
  const der = new Uint8Array(1 << 20)
  for (const [i, at] of [0, 5, 10].entries()) {
    const length = der.length - (i + 1) * 5
    der.set([0x30, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff], at)
  }
  return der
}

describe('OCSP', () => {
  it('says good of what is recorded, revoked of what is revoked, and unknown of what was never issued', async () => {
    const { authority, root, clock, issue } = await setting()
    const certificate = await issue()
    expect(await ocspStatus(authority, root, certificate.serialNumber)).toEqual({ kind: 'good' })
    expect(await ocspStatus(authority, root, root.serialNumber)).toEqual({ kind: 'good' })
    expect(await ocspStatus(authority, root, '0102030405' as SerialNumber)).toEqual({ kind: 'unknown' })
    clock.forward(60)
    await authority.revoke({ certificateId: certificate.id, reason: 'keyCompromise' }, asHost)
    expect(await ocspStatus(authority, root, certificate.serialNumber)).toEqual({
      kind: 'revoked',
      revocationTime: clock.now(),
      reason: 'keyCompromise',
    })
  })

  it('says unknown of the certificates of another issuer, also where the serial number is one of ours', async () => {
    const { authority, root, issue } = await setting()
    const other = await newRoot(authority, { name: 'Other' })
    const certificate = await issue()
    const { der } = await authority.answerOcsp(root.id, ocspQuestion(other, certificate.serialNumber))
    const response = parseOcspResponse(der)
    if (response.status !== 'successful') throw new Error(response.status)
    expect(response.basic.responses.map(({ status }) => status)).toEqual([{ kind: 'unknown' }])
  })

  it('gives the nonce back, and an answer that nobody may keep (RFC 9654)', async () => {
    const { authority, root, issue } = await setting()
    const { serialNumber } = await issue()
    const nonce = Uint8Array.from({ length: 32 }, (_, i) => i)
    const answer = await authority.answerOcsp(root.id, ocspQuestion(root, serialNumber, nonce))
    const response = parseOcspResponse(answer.der)
    if (response.status !== 'successful') throw new Error(response.status)
    expect(findExtension(response.basic.extensions, ocspNonce)).toEqual(nonce)
    expect(answer.nextUpdate).toBeUndefined()
    const plain = await authority.answerOcsp(root.id, ocspQuestion(root, serialNumber))
    expect(plain.nextUpdate).toBeInstanceOf(Date)
  })

  it('is signed once for all who ask about a certificate in half of its life', async () => {
    const { authority, root, clock, issue, signatures } = await setting()
    const { serialNumber } = await issue()
    const ask = async () => (await authority.answerOcsp(root.id, ocspQuestion(root, serialNumber))).der
    const before = signatures()
    const [first, ...others] = await Promise.all([ask(), ask(), ask()])
    clock.forward(30 * 60 - 1)
    expect([...others, await ask()]).toEqual([first, first, first])
    expect(signatures() - before).toBe(1)
    clock.forward(1)
    expect(await ask()).not.toEqual(first)
    clock.forward(-3600)
    await ask()
    expect(signatures() - before).toBe(3) // an answer from the future would be refused
  })

  it('sees a revocation at once, also one by another process', async () => {
    const { authority, storage, custody, root, clock, issue } = await setting()
    const certificate = await issue()
    expect(await ocspStatus(authority, root, certificate.serialNumber)).toEqual({ kind: 'good' })
    const elsewhere = createAuthority({ storage, custody, clock })
    await elsewhere.revoke({ certificateId: certificate.id, reason: 'certificateHold' }, asHost)
    expect(await ocspStatus(authority, root, certificate.serialNumber)).toMatchObject({
      reason: 'certificateHold',
    })
    await elsewhere.revoke({ certificateId: certificate.id, reason: 'superseded' }, asHost)
    expect(await ocspStatus(authority, root, certificate.serialNumber)).toMatchObject({
      reason: 'superseded',
    })
  })

  it('does not keep the failure to sign', async () => {
    const storage = memoryStorage()
    let isBroken = false
    const ports = observePorts({ storage, custody: cheapCustody() }, ({ name }) => {
      if (name === 'custody.sign' && isBroken)
        throw new PkiError('custody_unavailable', 'Cannot sign', { retryable: true })
    })
    const { authority } = newSetting(ports)
    const root = await newRoot(authority)
    const question = ocspQuestion(root, root.serialNumber)
    isBroken = true
    await expect(authority.answerOcsp(root.id, question)).rejects.toMatchObject({
      code: 'custody_unavailable',
    })
    isBroken = false
    expect(await ocspStatus(authority, root, root.serialNumber)).toEqual({ kind: 'good' })
  })

  it('says, if the host wants it, since when expired certificates are remembered (RFC 6960 §4.4.4)', async () => {
    const { authority, clock } = newSetting({ ocsp: { archiveCutoff: true } })
    const root = await newRoot(authority)
    const { certificate } = await authority.issue(
      { caId: root.id, mode: 'csr', csrPem, validityDays: 1 },
      asHost,
    )
    clock.forward(400 * day)
    const { der } = await authority.answerOcsp(root.id, ocspQuestion(root, certificate.serialNumber))
    const response = parseOcspResponse(der)
    if (response.status !== 'successful') throw new Error(response.status)
    const [single] = response.basic.responses
    expect(single?.status).toEqual({ kind: 'good' })
    expect(findExtension(single?.extensions ?? [], archiveCutoff)).toEqual(root.notBefore)
  })

  it.each([299, 864_001, 3600.5])('is not made for %d seconds', (validitySeconds) => {
    expect(() => newSetting({ ocsp: { validitySeconds } })).toThrow(RangeError)
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['no DER', Uint8Array.of(1, 2, 3)],
    ['a request about no certificate', Uint8Array.of(0x30, 4, 0x30, 2, 0x30, 0)],
    ['a megabyte of zeros', new Uint8Array(1 << 20)],
    ['a megabyte that begins like a request', longRequest()],
  ])('says malformedRequest to %s (RFC 6960 §2.3)', async (_, request) => {
    const { authority, root } = await setting()
    const { der } = await authority.answerOcsp(root.id, request)
    expect(parseOcspResponse(der)).toEqual({ status: 'malformedRequest' })
  })

  it.each([
    [0, 'malformedRequest'],
    [1, 'successful'],
    [32, 'successful'],
    [128, 'successful'],
    [129, 'malformedRequest'],
  ])('says to a nonce of %i octets: %s (RFC 9654 §2.1)', async (octets, status) => {
    const { authority, root } = await setting()
    const question = ocspQuestion(root, root.serialNumber, new Uint8Array(octets).fill(7))
    const response = parseOcspResponse((await authority.answerOcsp(root.id, question)).der)
    expect(response.status).toBe(status)
    if (response.status !== 'successful') return
    expect(findExtension(response.basic.extensions, ocspNonce)).toHaveLength(octets)
  })

  it('says malformedRequest to who asks about more than sixteen certificates', async () => {
    const { authority, root } = await setting()
    const answerTo = async (count: number) => {
      const serialNumbers = Array.from({ length: count }, () => root.serialNumber)
      return parseOcspResponse((await authority.answerOcsp(root.id, ocspQuestions(root, serialNumbers))).der)
    }
    const response = await answerTo(16)
    if (response.status !== 'successful') throw new Error(response.status)
    expect(response.basic.responses.map(({ status }) => status.kind)).toEqual(Array(16).fill('good'))
    expect(await answerTo(17)).toEqual({ status: 'malformedRequest' })
  })

  it('says malformedRequest to a nonce that is no OCTET STRING, and to bytes behind the request', async () => {
    const { authority, root } = await setting()
    const question = ocspQuestion(root, root.serialNumber, Uint8Array.of(7))
    const answerTo = async (der: Uint8Array) =>
      parseOcspResponse((await authority.answerOcsp(root.id, der)).der)
    expect(await answerTo(Uint8Array.from([...question, 0]))).toEqual({ status: 'malformedRequest' })
    // The nonce is the last element: `04 03 04 01 07` becomes an OCTET STRING around a NULL.
    const text = Buffer.from(question).toString('hex')
    expect(text.endsWith('0403040107')).toBe(true)
    const broken = Buffer.from(text.replace(/0403040107$/, '0403050107'), 'hex')
    expect(await answerTo(new Uint8Array(broken))).toEqual({ status: 'malformedRequest' })
  })
})
