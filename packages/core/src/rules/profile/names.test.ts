import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasCode } from '../../errors/pki-error.js'
import { parseIpAddress } from '../../x509/ip-address.js'
import { parseDnsName } from './dns-name.js'
import { parseEmailAddress } from './email-address.js'
import { parseIpName } from './ip-name.js'
import { parseRange } from './name-rules.js'
import { decodePunycode, encodePunycode } from './punycode.js'
import { parseUriName } from './uri-name.js'

/** The rule that refused, or what was made of the name. */
function ruleOf(parse: () => unknown): unknown {
  try {
    return { made: parse() }
  } catch (error) {
    if (hasCode(error, 'name_refused')) return error.context.rule
    throw error
  }
}

describe('parseDnsName', () => {
  it.each([
    ['db.example.org', 'db.example.org'],
    ['DB.Example.ORG', 'db.example.org'],
    ['localhost', 'localhost'],
    ['*.example.org', '*.example.org'],
    ['3com.example', '3com.example'],
    ['a.0xg', 'a.0xg'],
    ['192.0.2.1a', '192.0.2.1a'],
    ['a.b1', 'a.b1'],
    ['xn--mgbh0fb.xn--kgbechtv', 'xn--mgbh0fb.xn--kgbechtv'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    [`${'a'.repeat(63)}.example.org`, `${'a'.repeat(63)}.example.org`],
    [`${'a.'.repeat(126)}a`, `${'a.'.repeat(126)}a`],
  ])('takes %s', (text, name) => {
    expect(parseDnsName(text)).toBe(name)
  })

  it.each([
    ['nothing', '', 'empty'],
    ['a NUL (CVE-2009-2408)', 'good.org\0.evil.org', 'character'],
    ['a line break', 'a.example.org\n', 'character'],
    ['a trailing dot', 'example.org.', 'trailing_dot'],
    ['254 characters', `${'a.'.repeat(126)}aa`, 'length'],
    ['a label of 64 octets (RFC 1035 §2.3.4)', `${'a'.repeat(64)}.org`, 'label_length'],
    ['an empty label', 'a..org', 'empty_label'],
    ['a leading dot', '.example.org', 'empty_label'],
    ['an underscore', '_dmarc.example.org', 'label'],
    ['a hyphen at an end (RFC 1123 §2.1)', 'a-.example.org', 'label'],
    ['a reserved label (RFC 5890 §2.3.1)', 'ab--cd.example.org', 'label'],
    ['a wildcard that is not leftmost', 'a.*.example.org', 'wildcard'],
    ['a wildcard that is not a whole label', 'a*.example.org', 'wildcard'],
    ['a wildcard below a top-level domain', '*.org', 'wildcard'],
    ['two wildcards', '*.*.example.org', 'wildcard'],
    ['an IPv4 address', '192.0.2.1', 'numeric'],
    ['what a browser reads as an IPv4 address', '192.0.2.0x1', 'numeric'],
    ['a last label of 0x, which is zero there', '192.0.2.0x', 'numeric'],
    ['a last label of several hex digits', 'example.0xff', 'numeric'],
    ['a last label of a digit', 'example.7', 'numeric'],
    ['an A-label of letters of ASCII', 'xn--abc-.example.org', 'label'],
    ['an A-label that only ASCII is behind', `xn--${encodePunycode('abc')}x.example.org`, 'a_label'],
    ['an A-label with a space of Unicode', `xn--${encodePunycode('\u3000é')}`, 'a_label'],
    ['a port', 'example.org:443', 'label'],
    ['an A-label that does not decode (RFC 3492 §6.4)', 'xn--99999999.example.org', 'a_label'],
    ['an A-label of nothing', 'xn--.example.org', 'label'],
    ['an A-label of an uppercase letter', `xn--${encodePunycode('Bücher'.toUpperCase())}`, 'a_label'],
    ['an A-label that is not in normal form C', `xn--${encodePunycode('u\u0308')}`, 'a_label'],
  ])('refuses %s', (_, text, rule) => {
    expect(ruleOf(() => parseDnsName(text))).toBe(rule)
  })

  it('tells the A-label of a name with letters outside ASCII', () => {
    expect(() => parseDnsName('www.Bücher.example')).toThrow(
      'Cannot issue certificate: DNS name "www.Bücher.example" has letters outside ASCII; ' +
        'ask for its A-label "www.xn--bcher-kva.example" instead',
    )
    // the full stop of Japanese, a decomposed letter
    expect(() => parseDnsName('www。Bu\u0308cher.example')).toThrow('"www.xn--bcher-kva.example" instead')
    expect(() => parseDnsName(`é${'.a'.repeat(100_000)}`)).toThrow(/^.{0,800}$/)
  })

  it('never makes a name that it would not take unchanged', () => {
    const text = fc.string({ unit: fc.constantFrom(...'aZ0-.*_ x\0é'.split('')), maxLength: 20 })
    fc.assert(
      fc.property(text, (input) => {
        const result = ruleOf(() => parseDnsName(input))
        if (typeof result === 'string') return
        const { made } = result as { made: string }
        expect(parseDnsName(made)).toBe(made)
      }),
    )
  })
})

describe('Punycode', () => {
  // RFC 3492 §7.1
  it.each([
    ['(A) Arabic', 'ليهمابتكلموشعربي؟', 'egbpdaj6bu4bxfgehfvwxn'],
    ['(B) Chinese', '他们为什么不说中文', 'ihqwcrb4cv8a8dqg056pqjye'],
    ['(L) Japanese', '3年b組金八先生', '3b-ww4c5e180e575a65lsy2b'],
    ['(S) ASCII', '-> $1.00 <-', '-> $1.00 <--'],
  ])('encodes and decodes %s', (_, label, encoded) => {
    expect(encodePunycode(label)).toBe(encoded)
    expect(decodePunycode(encoded)).toBe(label)
  })

  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 15 }), (label) => {
        expect(decodePunycode(encodePunycode(label))).toBe(label)
      }),
    )
  })

  it.each([
    ['U+0080, the first that is not basic', 'a\x80', 'a-ba'],
    ['U+10FFFF, the last of all', '\u{10ffff}', 'dn32g'],
    ['the neighbours of the surrogates', '\ud7ff\ue000', 'hb9bk0m'],
  ])('knows %s', (_, label, encoded) => {
    expect([encodePunycode(label), decodePunycode(encoded)]).toEqual([encoded, label])
  })

  it.each([
    ['digits that end too early', '99999999'],
    ['what is not ASCII', 'é'],
    ['what is no digit', 'a-a$'],
    ['a code point above U+10FFFF', 'ls8h9999'],
    ['U+110000', 'en32g'],
    ['a number that has no end', '9'.repeat(63)],
    ['U+D800, a surrogate', 'ib9b'],
    ['U+DFFF, a surrogate', 'zy0c'],
  ])('refuses %s: %s', (_, text) => {
    expect(decodePunycode(text)).toBeUndefined()
  })
})

describe('parseIpName', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
  ])('takes %s', (text, canonical) => {
    expect(parseIpName(text).text).toBe(canonical)
  })

  it.each([
    ['leading zeros', '192.0.2.01', 'syntax'],
    ['three numbers', '192.0.2', 'syntax'],
    ['a range', '192.0.2.0/24', 'syntax'],
    ['a zone', 'fe80::1%eth0', 'syntax'],
    ['brackets', '[2001:db8::1]', 'syntax'],
    ['an IPv4-mapped address', '::ffff:192.0.2.1', 'mapped'],
  ])('refuses %s', (_, text, rule) => {
    expect(ruleOf(() => parseIpName(text))).toBe(rule)
  })

  it('says what to write instead', () => {
    expect(() => parseIpName('::ffff:192.0.2.1')).toThrow('ask for "192.0.2.1" instead')
    expect(() => parseIpName('192.0.2.0/24')).toThrow('a range has no place in a certificate')
    expect(() => parseIpName('192.0.2')).toThrow('write it like 192.0.2.1 or 2001:db8::1')
  })
})

describe('parseEmailAddress', () => {
  it('takes a mailbox, with its domain in lowercase', () => {
    expect(parseEmailAddress("O'Brien+tag@Mail.Example.ORG")).toBe("O'Brien+tag@mail.example.org")
  })

  it.each([
    ['a letter', 'a@b'],
    ['dots between', 'a.bc.d@example.org'],
    ['a local part of 64 octets', `${'a'.repeat(64)}@example.org`],
    ['254 octets', `a@${'b.'.repeat(125)}bb`],
  ])('takes %s', (_, text) => {
    expect(parseEmailAddress(text)).toBe(text)
  })

  it.each([
    ['no domain', 'alice', 'syntax'],
    ['no local part', '@example.org', 'syntax'],
    ['no domain behind the sign', 'alice@', 'syntax'],
    ['255 octets (RFC 5321 §4.5.3.1)', `ab@${'b.'.repeat(125)}bb`, 'length'],
    ['a dot at the start', '.alice@example.org', 'local_part'],
    ['a dot at the end', 'alice.@example.org', 'local_part'],
    ['a phrase', 'Alice <alice@example.org>', 'local_part'],
    ['a quoted local part', '"a b"@example.org', 'local_part'],
    ['two dots', 'a..b@example.org', 'local_part'],
    ['a local part outside ASCII (RFC 9598)', 'δ@example.org', 'ascii'],
    ['a local part of 65 octets (RFC 5321 §4.5.3.1)', `${'a'.repeat(65)}@example.org`, 'length'],
    ['an address literal', 'alice@[192.0.2.1]', 'domain'],
    ['a wildcard', 'alice@*.example.org', 'domain'],
    ['a domain with a NUL', 'alice@example.org\0', 'domain'],
  ])('refuses %s', (_, text, rule) => {
    expect(ruleOf(() => parseEmailAddress(text))).toBe(rule)
  })

  it('says what is wrong with the domain', () => {
    expect(() => parseEmailAddress('alice@a..org')).toThrow(
      'e-mail address "alice@a..org" has a domain that is not valid (DNS name "a..org" has an empty label',
    )
    expect(() => parseEmailAddress('alice@[192.0.2.1]')).toThrow('has an address in place of a domain')
    expect(() => parseEmailAddress('alice@*.example.org')).toThrow('has a wildcard domain')
  })
})

describe('parseUriName', () => {
  it.each([
    ['spiffe://Example.org/ns/A', 'spiffe://example.org/ns/A', 'example.org'],
    ['HTTPS://192.0.2.1:8443/', 'https://192.0.2.1:8443/', '192.0.2.1'],
    ['https://[2001:DB8::1]/', 'https://[2001:db8::1]/', '2001:db8::1'],
    ['urn:example:device:7', 'urn:example:device:7', undefined],
    [`urn:${'a'.repeat(2044)}`, `urn:${'a'.repeat(2044)}`, undefined],
  ])('takes %s', (text, canonical, host) => {
    expect(parseUriName(text)).toEqual({ text: canonical, host })
  })

  it.each([
    ['a relative URI (RFC 5280 §4.2.1.6)', '/index.html', 'absolute'],
    ['a scheme alone', 'urn:', 'absolute'],
    ['a user', 'https://bank.example@evil.example/', 'authority'],
    ['a backslash', 'https://good.example\\@evil.example/', 'character'],
    ['a space', 'https://example.org/a b', 'character'],
    ['a broken escape', 'https://example.org/%zz', 'character'],
    ['no host', 'https:///path', 'host'],
    ['a wildcard host', 'https://*.example.org/', 'host'],
    ['an IPv6 host without brackets', 'https://2001:db8::1/', 'authority'],
    ['an IPv4 host in brackets', 'https://[192.0.2.1]/', 'host'],
    ['2,049 characters', `urn:${'a'.repeat(2045)}`, 'length'],
  ])('refuses %s', (_, text, rule) => {
    expect(ruleOf(() => parseUriName(text))).toBe(rule)
  })

  it('says what is wrong with the host', () => {
    expect(() => parseUriName('https://a..org/')).toThrow(
      'URI "https://a..org/" has a host that is not valid (DNS name "a..org" has an empty label',
    )
  })
})

it('a refused name is shown escaped and cut', () => {
  expect(() => parseDnsName('a\u2028\u00ad')).toThrow('DNS name "a\\u2028\\u00ad" has')
  expect(() => parseDnsName('a\n\u202e\u009b')).toThrow('DNS name "a\\n\\u202e\\u009b" has a control')
  expect(() => parseDnsName('a'.repeat(100_000))).toThrow(/^.{0,400}$/)
})

describe('a range of addresses', () => {
  it.each([
    ['10.0.0.0/8', 8],
    ['10.128.0.0/9', 9],
    ['192.0.2.1', 32],
    ['192.0.2.1/32', 32],
    ['0.0.0.0/0', 0],
    ['2001:db8::/32', 32],
    ['2001:db8::1', 128],
    ['2001:db8::1/128', 128],
  ])('%s', (text, prefix) => {
    expect(parseRange(text)).toEqual({ address: parseIpAddress(text.split('/')[0] as string), prefix })
  })

  it.each([
    ['bits behind its prefix', '10.0.0.1/8'],
    ['a bit behind its prefix, in the same octet', '10.64.0.0/9'],
    ['33 bits', '192.0.2.1/33'],
    ['129 bits', '2001:db8::1/129'],
    ['a leading zero', '10.0.0.0/08'],
    ['an empty prefix', '10.0.0.0/'],
    ['a mask', '10.0.0.0/255.0.0.0'],
    ['a sign', '10.0.0.0/+8'],
    ['a letter behind', '10.0.0.0/8a'],
    ['two prefixes', '10.0.0.0/8/8'],
    ['no address', 'example.org/8'],
  ])('is not one with %s', (_, text) => {
    expect(parseRange(text)).toBeUndefined()
  })
})
