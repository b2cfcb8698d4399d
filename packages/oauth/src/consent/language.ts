import { preferredLanguage } from '@certwright/html'
import { de } from './texts-de.js'
import { en } from './texts-en.js'
import type { Texts } from './texts.js'

const languages = { en, de }

/** The texts in the language that the browser likes better, English where it says nothing of either. */
export const languageOf = (request: Request): Texts =>
  languages[preferredLanguage(request.headers.get('accept-language'), ['en', 'de'])]
