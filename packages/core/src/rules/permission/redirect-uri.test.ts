import { describe, expect, it } from 'vitest'
import { redirectUriFault } from './redirect-uri.js'

describe('a redirect URI', () => {
  it.each([
    ['over TLS', 'https://app.example.org/callback?x=1'],
    ['of 2,000 characters', `https://a.example/${'x'.repeat(1982)}`],
    ['on the loopback address (RFC 8252 §7.3)', 'http://127.0.0.1:51004/callback'],
    ['on the loopback address of IPv6', 'http://[::1]:51004/callback'],
    ['on localhost', 'http://localhost/callback'],
    ['of an app (RFC 8252 §7.1)', 'com.example.app:/callback'],
    ['of an app with digits and hyphens', 'org.example-2.my-app1://callback'],
  ])('%s is fit', (_, uri) => {
    expect(redirectUriFault(uri)).toBeUndefined()
  })

  it.each([
    ['of 2,001 characters', `https://a.example/${'x'.repeat(1983)}`, 'have at most 2000 characters'],
    ['that is relative', '/callback', 'be an absolute URI'],
    ['with a fragment (RFC 6749 §3.1.2)', 'https://app.example.org/#', 'have no fragment'],
    ['with a user', 'https://bank.example@evil.example/', 'have no user name or password'],
    ['with a password alone', 'https://:secret@evil.example/', 'have no user name or password'],
    ['without TLS', 'http://app.example.org/callback', 'begin with https://'],
    ['on a host that begins like the loopback', 'http://127.0.0.1.evil.example/', 'begin with https://'],
    ['that is a script', 'javascript:alert(1)', 'begin with https://'],
    ['that is data', 'data:text/html,x', 'begin with https://'],
    ['of a scheme without a dot', 'myapp:/callback', 'begin with https://'],
    ['of a scheme that ends in a dot', 'com.example.:/callback', 'begin with https://'],
    ['of a scheme with two dots in a row', 'com..example.app:/callback', 'begin with https://'],
  ])('%s is not', (_, uri, fault) => {
    expect(redirectUriFault(uri)).toBe(fault)
  })
})
