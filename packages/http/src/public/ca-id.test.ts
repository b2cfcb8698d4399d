import { describe, expect, it } from 'vitest'
import { parseParameters } from '../routes/parse-input.js'
import { caIdSchema } from '../schemas/certificate-requests.js'
import { caIdOf } from './ca-id.js'

const uuid = '3f6c1f0e-5f0a-4c83-9d4c-0b8b7a3f2c11'

describe('the CA in a path', () => {
  it.each([
    uuid,
    uuid.toUpperCase(),
    // Of no version that RFC 9562 has: an id of the host's own.
    '00000000-0000-0000-0000-000000000001',
  ])('is what the schema makes of %s', (caId) => {
    expect(caIdOf({ caId })).toBe(parseParameters(caIdSchema, { caId }).caId)
  })

  it.each([
    '',
    'x',
    uuid.slice(1),
    `${uuid}0`,
    `${uuid}\n`,
    ` ${uuid}`,
    uuid.replaceAll('-', ''),
    uuid.replace('f', 'g'),
    `${uuid} ${uuid}`,
  ])('is not %j', (caId) => {
    expect(() => caIdOf({ caId })).toThrow('must be a UUID')
  })

  it('is refused where it is missing', () => {
    expect(() => caIdOf({})).toThrow('caId')
  })
})
