import { formatIpAddress, parseIpAddress } from '../../../x509/ip-address.js'
import { keyPurposes } from '../../../x509/key-purposes.js'
import { attributeValue } from '../../../x509/name.js'
import type { LintRule } from '../lint-rule.js'
import { alternativeNamesOf, purposesOf } from '../tbs-facts.js'

/**
 * A common name that a server could be taken for is also a subject alternative name, the only place where
 * clients look.
 */
export const commonNameAmongAltNames: LintRule = {
  name: 'common-name-among-alt-names',
  level: 'error',
  clause: 'CA/B BR §7.1.4.3, RFC 9525 §2',
  check({ tbs }) {
    const commonName = attributeValue(tbs.subject, 'commonName')
    if (commonName === undefined || !isHost(commonName)) return undefined
    if (!purposesOf(tbs).includes(keyPurposes.serverAuth)) return undefined
    const hosts = alternativeNamesOf(tbs).map((name) => {
      if (name.type === 'ip') return formatIpAddress(name.address)
      return name.type === 'dns' ? name.value : undefined
    })
    return hosts.includes(commonName)
      ? undefined
      : `the common name "${commonName}" is a host and no subject alternative name`
  },
}

/** A text without a dot may be the name of a person. */
const dnsName = /^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i

const isHost = (text: string): boolean => dnsName.test(text) || parseIpAddress(text) !== undefined
