import type { GeneralName } from '@certwright/core'
import type { EndEntityModel } from './chain-model.js'
import type { Identity } from './chain-question.js'

/** The names of an end entity, and subtrees that hold all of them or none. */
export interface NamesPlan {
  readonly own: readonly GeneralName[]
  readonly identity: Identity
  /** As permitted subtrees they allow every name. */
  readonly around: readonly GeneralName[]
  /** As excluded subtrees they refuse none, and come close to it. */
  readonly elsewhere: readonly GeneralName[]
}

export const dns = (value: string): GeneralName => ({ type: 'dns', value })
export const ip = (...octets: readonly number[]): GeneralName => ({
  type: 'ip',
  address: Uint8Array.from(octets),
})

/** From the right: a host of n labels are the last n. */
const labels = ['www', 'eu', 'db', 'example', 'org']

export function planNames(model: EndEntityModel): NamesPlan {
  const host = labels.slice(-model.labels).join('.')
  const others = Array.from({ length: model.otherNames }, (_, number) => dns(`alt${number + 1}.${host}`))
  const network = [192, 0, 2, 0, 255, 255, 255, 0]
  const around = [dns('example.org'), ip(...network)]
  // Suffixes that are no subtrees: labels are compared whole.
  const elsewhere = [dns('ample.org'), dns('example.org.invalid'), ip(192, 0, 3, 0, 255, 255, 255, 0)]
  const asked = (value: string): Identity => ({
    type: 'dns',
    value: model.respelled ? value.toUpperCase() : value,
  })
  if (model.name === 'ip') {
    return {
      own: [ip(192, 0, 2, 10), ...others],
      identity: { type: 'ip', value: '192.0.2.10' },
      around,
      elsewhere,
    }
  }
  const isWildcard = model.name === 'wildcard'
  return {
    own: [dns(isWildcard ? `*.${host}` : host), ...others],
    identity: asked(isWildcard ? `one.${host}` : host),
    around,
    elsewhere,
  }
}
