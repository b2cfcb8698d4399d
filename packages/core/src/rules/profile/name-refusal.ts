import { PkiError } from '../../errors/pki-error.js'
import type { NameKind } from './requested-names.js'

export type RefusedKind = NameKind | 'commonName' | 'subject'

const nouns: Readonly<Record<RefusedKind, string>> = {
  dns: 'DNS name',
  ip: 'IP address',
  email: 'e-mail address',
  uri: 'URI',
  commonName: 'common name',
  subject: 'subject',
}

/** As much of a refused name as goes into messages and contexts: the longest DNS name is not longer. */
const shownCharacters = 253

/**
 * @param rule a stable word for programs, or the pattern of the profile that decided
 * @param state what is wrong and what to change, behind `DNS name "x"`
 */
export function nameRefused(
  kind: RefusedKind,
  name: string,
  rule: string,
  state: string,
): PkiError<'name_refused'> {
  const shown = name.slice(0, shownCharacters)
  const message = `Cannot issue certificate: ${nouns[kind]} ${quote(shown)} ${state}`
  return new PkiError('name_refused', message, { kind, name: shown, rule })
}

/** In quotes and escaped: a name that is refused may hold anything, line breaks for a log included. */
const quote = (text: string): string =>
  JSON.stringify(text).replace(
    /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${(character.codePointAt(0) as number).toString(16).padStart(4, '0')}`,
  )
