import { describe, expect, it } from 'vitest'
import { printable, printableJson } from './printable.js'

const hostile = 'a\u001b[2Jb\u0007\u009bc\u202ed\u2028e\u00ad\ud800'

describe('what goes to a terminal', () => {
  it('has neither control nor format characters nor lone surrogates', () => {
    expect(printable(hostile)).toBe('a\\u{1b}[2Jb\\u{7}\\u{9b}c\\u{202e}d\\u{2028}e\\u{ad}\\u{d800}')
  })

  it('leaves the letters of all languages alone', () => {
    expect(printable('Größe 大きさ ✓ 🎉')).toBe('Größe 大きさ ✓ 🎉')
  })

  it('is still the same JSON', () => {
    const json = printableJson({ [hostile]: hostile }, 0)
    expect(json).toMatch(/^[\x20-\x7e]+$/)
    expect(JSON.parse(json)).toEqual({ [hostile]: hostile })
  })
})
