import { expect, it } from 'vitest'
import { main } from './main.js'

it('reads with the rights of its key, and is refused what it may not do', async () => {
  expect(await main()).toMatchObject({
    expiring: ['db.example.org'],
    refusal: { error: { code: 'permission_denied' } },
  })
})
