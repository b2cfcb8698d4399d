import { expect, it } from 'vitest'
import { utf8Encode } from '../encoding/bytes.js'
import { hexEncode } from '../encoding/hex.js'
import { keyIdentifier, sha1KeyIdentifier } from './key-identifier.js'

// The digests of "abc" in FIPS 180-4's examples.
it('keyIdentifier is the leftmost 160 bits of SHA-256 (RFC 7093 §2 method 1)', () => {
  expect(hexEncode(keyIdentifier(utf8Encode('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a3')
})

it('sha1KeyIdentifier is SHA-1 (RFC 5280 §4.2.1.2 method 1)', () => {
  expect(hexEncode(sha1KeyIdentifier(utf8Encode('abc')))).toBe('a9993e364706816aba3e25717850c26c9cd0d89d')
})
