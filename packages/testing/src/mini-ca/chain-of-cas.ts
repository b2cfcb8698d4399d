import { forgeCa, type ForgedCertificate } from '../forge/forge-certificate.js'
import type { ForgeKey } from '../forge/keys/forge-key.js'
import { addressesOf } from './addresses.js'
import type { Validity } from './validity-windows.js'

type Chain = [ForgedCertificate, ...ForgedCertificate[]]

/** The root first; the path length of each is what is below it. */
export function chainOfCas(
  intermediates: number,
  keyOf: (use: string) => ForgeKey,
  validity: Validity,
): Readonly<Chain> {
  const cas: Chain = [forgeCa({ subject: 'Mini-CA Root', key: keyOf('ca/0'), ...validity })]
  for (let number = 1; number <= intermediates; number++) {
    const issuer = cas[number - 1] ?? cas[0]
    cas.push(
      forgeCa({
        subject: `Mini-CA ${number}`,
        issuer,
        key: keyOf(`ca/${number}`),
        pathLength: intermediates - number,
        extensions: addressesOf(number - 1),
        ...validity,
      }),
    )
  }
  return cas
}
