import { expect, it } from 'vitest'
import { preferredLanguage } from './preferred-language.js'

it.each([
  { accepted: null, language: 'en', why: 'nothing is said' },
  { accepted: '', language: 'en', why: 'nothing is said' },
  { accepted: 'de', language: 'de', why: 'it is asked for' },
  { accepted: 'DE-at', language: 'de', why: 'a country speaks for its language, in any case' },
  { accepted: 'fr, de;q=0.3', language: 'de', why: 'what is liked better is not ours' },
  { accepted: 'de;q=0.5, en;q=0.4', language: 'de', why: 'the weight decides' },
  { accepted: 'de;q=0.5,en-GB;q=0.8', language: 'en', why: 'the weight decides, not the order' },
  { accepted: 'de, en', language: 'en', why: 'of two that are liked as well, ours comes first' },
  { accepted: 'de-CH;q=0.1, de;q=0.9, en;q=0.5', language: 'de', why: 'the best range of a language counts' },
  { accepted: 'de;q=0', language: 'en', why: 'it is refused' },
  { accepted: 'de;q=2', language: 'en', why: 'a weight is at most 1 (RFC 9110 §12.4.2)' },
  { accepted: 'de;q=high', language: 'en', why: 'that is no weight' },
  { accepted: '*', language: 'en', why: 'any will do' },
  { accepted: 'constructor, __proto__', language: 'en', why: 'those are no languages' },
  { accepted: `${'fr,'.repeat(20)}de`, language: 'en', why: 'the twenty-first range is not looked at' },
])('"$accepted" gets $language: $why', ({ accepted, language }) => {
  expect(preferredLanguage(accepted, ['en', 'de'])).toBe(language)
})
