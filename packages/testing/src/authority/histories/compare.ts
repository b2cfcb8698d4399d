import assert from 'node:assert/strict'
import { crlEntries, parseCrl } from '@certwright/core'
import type { AuthorityModel } from './model.js'
import { type AuthorityWorld, me } from './world.js'

/** Everything that the authority tells of what the model knows. */
export async function compare(model: AuthorityModel, world: AuthorityWorld): Promise<void> {
  const { authority, clock, certificates, caIds } = world
  const listed = (await authority.listCas({}, me)).map(({ id }) => id)
  assert.deepEqual(
    listed,
    caIds.filter((_, number) => model.cas[number]?.isRevoked === false),
    'the CAs that stand',
  )
  for (const [number, { isRevoked }] of model.cas.entries()) {
    const { revokedAt } = await authority.getCa(caIds[number] ?? '', me)
    assert.equal(revokedAt !== undefined, isRevoked, `the record of CA ${number}`)
  }
  const serials = certificates.map(({ caId, serialNumber }) => `${caId}/${serialNumber}`)
  assert.equal(new Set(serials).size, serials.length, 'a serial number was given twice')
  const { total } = await authority.listCertificates({}, me)
  assert.equal(total, model.certificates.length, 'how many certificates there are')
  for (const [number, expected] of model.certificates.entries()) {
    const { caId, serialNumber, id } = certificates[number] ?? assert.fail('a certificate is missing')
    const { kind } = await authority.statusAt({ caId, serialNumber, at: clock.now() }, me)
    assert.equal(kind, expected.state, `the status of certificate ${number}`)
    const { revokedAt } = await authority.getCertificate(id, me)
    assert.equal(revokedAt !== undefined, expected.state !== 'good', `the record of certificate ${number}`)
  }
}

/** A list that has just been made: its number, and exactly who is on it. */
export async function compareList(model: AuthorityModel, world: AuthorityWorld, ca: number): Promise<void> {
  const { authority, caIds, caSerials, certificates } = world
  const { der } = await authority.publishCrl({ caId: caIds[ca] ?? '' }, me)
  const list = parseCrl(der)
  // A root stands on its own list.
  const ofCas = model.cas.flatMap(({ parent, isRevoked }, number) =>
    isRevoked && (parent ?? number) === ca ? [caSerials[number] ?? ''] : [],
  )
  const ofCertificates = model.certificates.flatMap(({ ca: issuer, state }, number) =>
    issuer === ca && state !== 'good' ? [certificates[number]?.serialNumber ?? ''] : [],
  )
  const listed = [...crlEntries(list)].map(({ serialNumber }) => String(serialNumber))
  assert.deepEqual(listed.sort(), [...ofCas, ...ofCertificates].sort(), `the list of CA ${ca}`)
  const { number } = await authority.crl(caIds[ca] ?? '')
  const last = model.lastCrlNumber.get(ca) ?? 0
  assert.ok(number > last, `CRL number ${number} does not come after ${last}`)
  model.lastCrlNumber.set(ca, number)
}
