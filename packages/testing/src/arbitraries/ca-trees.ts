import * as fc from 'fast-check'
import { forgeCa, type ForgedCertificate } from '../forge/forge-certificate.js'
import { forgeKey } from '../forge/keys/forge-key.js'

/** A CA of a tree. */
export interface TreeCa {
  readonly name: string
  /** Signed by `parent`; a root: by itself. */
  readonly certificate: ForgedCertificate
  readonly parent: string | undefined
}

/** CAs with one parent each, and certificates that make more paths. */
export interface GeneratedCaTree {
  /** Parents before children; the first is a root. */
  readonly cas: readonly TreeCa[]
  /** The subject's name and key, signed by another CA of the tree or of another tree: no circle is left out. */
  readonly crossCertificates: readonly CrossCertificate[]
}

export interface CrossCertificate {
  readonly subject: string
  readonly issuer: string
  readonly certificate: ForgedCertificate
}

/**
 * One to three trees with up to `maximumCas` CAs (default 8), and up to four cross-certificates between any two. Shrinks
 * towards one root alone.
 */
export const caTree = ({ maximumCas = 8 } = {}): fc.Arbitrary<GeneratedCaTree> =>
  fc
    .record({
      // 0 makes a root; n: the child of the n-th before it, counted round.
      parents: fc.array(fc.nat(maximumCas), { minLength: 0, maxLength: maximumCas - 1 }),
      crosses: fc.array(fc.tuple(fc.nat(maximumCas), fc.nat(maximumCas)), { maxLength: 4 }),
    })
    .map(({ parents, crosses }) => grow([0, ...parents], crosses))

/** Roots of one tree set: more say nothing more. */
const maximumRoots = 3

function grow(parents: readonly number[], crosses: readonly (readonly [number, number])[]): GeneratedCaTree {
  const cas: TreeCa[] = []
  for (const [number, parent] of parents.entries()) {
    const roots = cas.filter((ca) => ca.parent === undefined).length
    const isRoot = number === 0 || (parent === 0 && roots < maximumRoots)
    const above = isRoot ? undefined : cas[parent % cas.length]
    const name = `Tree CA ${number}`
    const certificate = forgeCa({
      subject: name,
      key: forgeKey(`tree CA ${number}`),
      ...(above && { issuer: above.certificate }),
    })
    cas.push({ name, certificate, parent: above?.name })
  }
  const crossCertificates = crosses.flatMap(([subject, issuer], number) => {
    const [below, above] = [cas[subject % cas.length], cas[issuer % cas.length]] as [TreeCa, TreeCa]
    return below === above ? [] : [cross(below, above, number)]
  })
  return { cas, crossCertificates }
}

const cross = (subject: TreeCa, issuer: TreeCa, number: number): CrossCertificate => ({
  subject: subject.name,
  issuer: issuer.name,
  certificate: forgeCa({
    subject: subject.name,
    key: subject.certificate.key,
    issuer: issuer.certificate,
    serialNumber: 5000 + number,
  }),
})
