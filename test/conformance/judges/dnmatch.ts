import { namesMatch, parseName } from '@certwright/core'
import { bytes, type Judge, parseLimit } from '../judge.js'

export const dnmatch: Judge = {
  accepts: 'match',
  rejects: 'nomatch',
  limit: parseLimit,
  params: [],
  answer: (subject) => namesMatch(parseName(bytes(subject, 'a')), parseName(bytes(subject, 'b'))),
}
