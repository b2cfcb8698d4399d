import { describe, expect, it } from 'vitest'
import { parseParameters } from '../routes/parse-input.js'
import { caIdSchema } from '../schemas/certificate-requests.js'
import { caIdOf } from './ca-id.js'

const uuid = '3f6c1f0e-5f0a-4c83-9d4c-0b8b7a3f2c11'

/** What it gives, or the error that it throws. */
function outcomeOf(read: () => string): unknown {
  try {
    return read()
  } catch (error) {
    return error
  }
}

describe('the CA in a path', () => {
  it.each([
    uuid,
    uuid.toUpperCase(),
    // Of no version that RFC 9562 has: an id of the host's own.
    '00000000-0000-0000-0000-000000000001',
    '',
    'x',
    uuid.slice(1),
    `${uuid}0`,
    `${uuid}\n`,
    ` ${uuid}`,
    uuid.replaceAll('-', ''),
    uuid.replace('f', 'g'),
    `${uuid} ${uuid}`,
  ])('is what the schema makes of %j, or is refused with the same words', (caId) => {
    const expected = outcomeOf(() => parseParameters(caIdSchema, { caId }).caId)
    expect(outcomeOf(() => caIdOf({ caId }))).toEqual(expected)
  })

  it('is refused where it is missing', () => {
    expect(() => caIdOf({})).toThrow('caId')
  })
})
