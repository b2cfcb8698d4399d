import {
  anyChain,
  chainWithDecoy,
  decoyKinds,
  defectiveChain,
  defectsWithin,
  validChain,
} from '../arbitraries/chains/arbitrary-chain.js'
import type { ChainLimits } from '../arbitraries/chains/chain-limits.js'
import { defectNamed } from '../arbitraries/chains/defects/all-defects.js'
import { inOrder } from '../arbitraries/chains/in-order.js'
import { accepts, chainLaw, type ChainValidator, type ValidatorLaw } from './validator-law.js'

/**
 * What RFC 5280, RFC 6960 and RFC 9525 ask of whoever validates certificates for TLS servers, law by law: of every chain
 * that is generated the right verdict is known, because the chain was made for it. No test runner is needed: a law is
 * kept if `run` resolves.
 *
 * @param limits what the validator does not claim to do, and is not asked
 */
export const validatorLaws = (
  validate: ChainValidator,
  limits: ChainLimits = {},
): readonly ValidatorLaw[] => [
  chainLaw('a valid chain', 'accepts it', validChain(limits), ({ question }) => accepts(validate, question)),
  ...decoyKinds.map((kind) =>
    chainLaw(
      'a valid chain among others',
      `finds the path ${kind === 'deadEnd' ? 'beside a cross-certificate that ends nowhere' : `beside a twin: ${defectNamed(kind).title}`}`,
      chainWithDecoy(kind, limits),
      ({ question }) => accepts(validate, question),
    ),
  ),
  ...defectsWithin(limits).map(({ name, title, clause }) =>
    chainLaw(
      'a chain that is not valid',
      `refuses ${title} (${clause})`,
      defectiveChain(name, limits),
      async ({ question }) => !(await accepts(validate, question)),
    ),
  ),
  ...sameVerdictLaws(validate, limits),
]

/** What does not count. */
const sameVerdictLaws = (validate: ChainValidator, limits: ChainLimits): readonly ValidatorLaw[] => [
  chainLaw(
    'the same question',
    'gives the same verdict when the intermediates come in another order',
    anyChain(limits),
    async ({ question }) => {
      const intermediates = inOrder([...question.intermediates].reverse(), question.intermediates.length)
      return (await accepts(validate, question)) === (await accepts(validate, { ...question, intermediates }))
    },
  ),
  chainLaw(
    'the same question',
    'gives the same verdict when certificates are handed over twice',
    anyChain(limits),
    async ({ question }) => {
      const { intermediates, trustAnchors } = question
      const more = [...intermediates, ...trustAnchors, question.certificate, ...intermediates]
      return (
        (await accepts(validate, question)) ===
        (await accepts(validate, { ...question, intermediates: more }))
      )
    },
  ),
]
