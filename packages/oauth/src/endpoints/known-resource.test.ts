import { expect, it } from 'vitest'
import { withKnownResources } from './known-resource.js'

const api = 'https://ca.example.org/v1'
const resources = [api, 'https://ca.example.org/mcp']
const known = (fields: string): string =>
  withKnownResources(new URLSearchParams(fields), resources).toString()
const query = (...named: readonly string[]): string =>
  new URLSearchParams(named.map((each): [string, string] => ['resource', each])).toString()

it.each([
  ['is left alone', query(api), query(api)],
  ['loses the slash that a client has added', query(`${api}/`), query(api)],
  ['is named once, however it was written', query(api, `${api}/`), query(api)],
  [
    'that is not ours is left for the server to refuse',
    query('https://evil.example/'),
    query('https://evil.example/'),
  ],
  ['with two slashes is another', query(`${api}//`), query(`${api}//`)],
  ['that nobody has named is not invented', 'code=x', 'code=x'],
])('a resource %s', (_, asked, passedOn) => {
  expect(known(asked)).toBe(passedOn)
})

it('other fields stay, those that come twice included: the server refuses them', () => {
  expect(known(`state=a&${query(`${api}/`)}&state=b`)).toBe(`state=a&state=b&${query(api)}`)
})
