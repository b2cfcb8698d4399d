import type { SigningKey } from '@certwright/core'
import { expect, it } from 'vitest'
import { OpenKeys } from './open-keys.js'

const someKey = async () => ({}) as SigningKey

it('forgets the key that was not used for the longest time', async () => {
  const keys = new OpenKeys(2)
  await keys.open('a', someKey)
  await keys.open('b', someKey)
  await keys.find('a')
  await keys.open('c', someKey)
  expect(['a', 'b', 'c'].filter((keyId) => keys.find(keyId) !== undefined)).toEqual(['a', 'c'])
})

it('opens a key once for all who wait', async () => {
  const keys = new OpenKeys(2)
  let openings = 0
  const open = async () => {
    openings += 1
    return someKey()
  }
  const [first, second] = await Promise.all([keys.open('a', open), keys.open('a', open)])
  expect(first).toBe(second)
  expect(openings).toBe(1)
})

it('tries again after an opening that failed', async () => {
  const keys = new OpenKeys(2)
  const failing = keys.open('a', () => Promise.reject(new Error('the store is away')))
  await expect(failing).rejects.toThrow('away')
  await expect(keys.open('a', someKey)).resolves.toEqual({})
})
