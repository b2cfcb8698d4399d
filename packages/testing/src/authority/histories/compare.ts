import assert from 'node:assert/strict'
import { crlEntries, parseCrl } from '@certwright/core'
import type { AuthorityModel } from './model.js'
import { type AuthorityWorld, me } from './world.js'

/** Everything that the authority tells of what the model knows. */
export async function compare(model: AuthorityModel, world: AuthorityWorld): Promise<void> {
  const { authority, clock, certificates, caIds } = world
  const cas = await authority.listCas({}, me)
  assert.deepEqual(
    cas.map(({ id }) => id),
    caIds,
    'the CAs',
  )
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
  const { authority, caIds, certificates } = world
  const { der } = await authority.publishCrl({ caId: caIds[ca] ?? '' }, me)
  const list = parseCrl(der)
  const expected = model.certificates.flatMap(({ ca: issuer, state }, number) =>
    issuer === ca && state !== 'good' ? [certificates[number]?.serialNumber ?? ''] : [],
  )
  const listed = [...crlEntries(list)].map(({ serialNumber }) => String(serialNumber))
  assert.deepEqual(listed.sort(), expected.sort(), `the list of CA ${ca}`)
  const { number } = await authority.crl(caIds[ca] ?? '')
  const last = model.lastCrlNumber.get(ca) ?? 0
  assert.ok(number > last, `CRL number ${number} does not come after ${last}`)
  model.lastCrlNumber.set(ca, number)
}
