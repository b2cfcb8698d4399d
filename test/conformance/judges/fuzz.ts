import { isPkiError, knownExtensions, parseName, parsePublicKey } from '@certwright/core'
import { bytes, type Judge, param, parseLimit } from '../judge.js'
import { isParserName, parsers } from './parsers.js'

export const fuzz: Judge = {
  accepts: 'ok',
  rejects: 'error',
  limit: parseLimit,
  params: ['type'],
  answer(subject) {
    const type = param(subject, 'type')
    const der = bytes(subject, 'der')
    if (isParserName(type)) parsers[type](der)
    else if (type === 'spki') parsePublicKey(der)
    else readAsAnything(der)
    return true
  },
}

/** A part of something, and we are not told of what: every reader gets it, and each may refuse it. */
function readAsAnything(der: Uint8Array): void {
  const extensions = [...knownExtensions.values()].map((type) => () => type.decode(der))
  const readers = [...Object.values(parsers), parseName, parsePublicKey].map((read) => () => read(der))
  for (const read of [...readers, ...extensions]) {
    try {
      read()
    } catch (error) {
      if (!isPkiError(error)) throw error
    }
  }
}
