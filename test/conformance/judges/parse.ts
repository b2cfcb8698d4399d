import { bytes, type Judge, param, parseLimit } from '../judge.js'
import { misreadField } from './misread.js'
import { isParserName, parsers } from './parsers.js'

export const parse: Judge = {
  accepts: 'ok',
  rejects: 'error',
  limit: parseLimit,
  params: ['type'],
  answer(subject) {
    const type = param(subject, 'type')
    if (!isParserName(type)) return { skip: `type ${type} is not yet supported` }
    const parsed = parsers[type](bytes(subject, 'der'))
    const { fields } = subject.expected
    const misread = fields && misreadField(parsed, fields)
    return misread === undefined ? true : { misread }
  },
}
