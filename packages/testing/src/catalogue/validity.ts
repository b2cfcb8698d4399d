import { casesOf, days, row } from './bad-case.js'

/* Times, by RFC 5280 §4.1.2.5 and §6.1.3 (a)(2): both ends belong to the validity. */

const seconds = (count: number): Date => days(count / 86_400)
const clause = 'RFC 5280 §6.1.3 (a)(2)'

export const validity = casesOf('Validity', {
  expired: row('The certificate has expired', 'expired', clause, (bad) => ({
    leaf: { notAfter: days(bad ? -1 : 1) },
  })),
  expiredASecondAgo: row('The certificate expired a second ago', 'expired', 'RFC 5280 §4.1.2.5', (bad) => ({
    leaf: { notAfter: seconds(bad ? -1 : 0) },
  })),
  notYetValid: row('The certificate is not valid yet', 'not_yet_valid', clause, (bad) => ({
    leaf: { notBefore: days(bad ? 1 : -1) },
  })),
  validInASecond: row('The certificate is valid from the next second on', 'not_yet_valid', clause, (bad) => ({
    leaf: { notBefore: seconds(bad ? 1 : 0) },
  })),
  validityReversed: row('The certificate ends before it begins', 'expired', 'RFC 5280 §4.1.2.5', (bad) => ({
    leaf: { notBefore: days(-1), notAfter: days(bad ? -2 : 2) },
  })),
  expiredInTheCenturyBefore: row(
    'notAfter is the UTCTime 500101…, which is 1950',
    'expired',
    'RFC 5280 §4.1.2.5.1',
    (bad) => ({ leaf: { notAfter: { utcTime: bad ? '500101000000Z' : '491231235959Z' } } }),
  ),
  caExpired: row('The issuing CA has expired', 'expired', clause, (bad) => ({
    cas: [{ notAfter: days(bad ? -1 : 1) }],
  })),
  caNotYetValid: row('The issuing CA is not valid yet', 'not_yet_valid', clause, (bad) => ({
    cas: [{ notBefore: days(bad ? 1 : -1) }],
  })),
  upperCaExpired: row('A CA in the middle of the path has expired', 'expired', clause, (bad) => ({
    cas: [{ notAfter: days(bad ? -1 : 1) }, {}],
  })),
  rootExpired: row(
    'The trust anchor has expired, which most relying parties count',
    'expired',
    'RFC 5937 §3.2',
    (bad) => ({ root: { notAfter: days(bad ? -1 : 1) } }),
  ),
  rootNotYetValid: row('The trust anchor is not valid yet', 'not_yet_valid', 'RFC 5937 §3.2', (bad) => ({
    root: { notBefore: days(bad ? 1 : -1) },
  })),
  generalizedTimeBefore2050: row(
    'A time before 2050 is a GeneralizedTime',
    'rule_broken',
    'RFC 5280 §4.1.2.5',
    (bad) => ({
      leaf: { notBefore: bad ? { generalizedTime: '20260501000000Z' } : { utcTime: '260501000000Z' } },
      given: () => ({ strict: true }),
    }),
  ),
})
