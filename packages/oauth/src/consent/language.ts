import { de } from './texts-de.js'
import { en } from './texts-en.js'
import type { Texts } from './texts.js'

/** A handful of languages is usual; nobody needs more looked at. */
const maximumRanges = 20

/** The texts in the language that the browser likes better (RFC 9110 §12.5.4), English where it says nothing of either. */
export function languageOf(request: Request): Texts {
  const ranges = (request.headers.get('accept-language') ?? '').split(',').slice(0, maximumRanges)
  const weights = { en: 0, de: 0 }
  for (const range of ranges) {
    const [tag = '', ...parameters] = range.trim().toLowerCase().split(';')
    const [primary] = tag.split('-')
    if (primary !== 'en' && primary !== 'de') continue
    const weight = /^\s*q=(0(?:\.\d{1,3})?|1(?:\.0{1,3})?)\s*$/.exec(parameters[0] ?? 'q=1')?.[1]
    weights[primary] = Math.max(weights[primary], Number(weight ?? 0))
  }
  return weights.de > weights.en ? de : en
}
