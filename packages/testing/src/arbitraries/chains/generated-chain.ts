import * as fc from 'fast-check'
import { pemEncode } from '@certwright/core'
import type { ValidationFaultCode } from '@certwright/core/path'
import type { ChainModel } from './chain-model.js'
import type { ChainQuestion } from './chain-question.js'
import { type ForgedChain, forgeChain, type PlantedDefect } from './forge-chain.js'

/** A chain, with the verdict that a correct validator must give. */
export interface GeneratedChain {
  readonly question: ChainQuestion
  readonly expected: ExpectedVerdict
  readonly model: ChainModel
  /** Of the certificate, as PKCS#8: for a handshake. */
  readonly privateKeyPem: string
}

export type ExpectedVerdict =
  | { readonly valid: true }
  | {
      readonly valid: false
      /** Of the table of defects. */
      readonly defect: string
      readonly title: string
      readonly clause: string
      /** What Certwright's validator tells first. */
      readonly cause: ValidationFaultCode
      /** 0 is the end entity, 1 its issuer, and so on; absent: it is in no one certificate. */
      readonly depth: number | undefined
    }

/** @returns certificates and all, and a text for whoever prints it: fast-check does when a property fails */
export function generateChain(model: ChainModel, planted?: PlantedDefect): GeneratedChain {
  const { question, depth, privateKeyPem } = forgedOnce(model, planted)
  const expected: ExpectedVerdict =
    planted === undefined ? { valid: true } : { valid: false, ...wordsOf(planted), depth }
  const chain = { question, expected, model, privateKeyPem }
  Object.defineProperty(chain, fc.toStringMethod, { value: () => describeChain(chain) })
  return chain
}

/**
 * Chains that are kept: laws show the same ones to one validator after the other, and signing them is what costs. Of 8 KB
 * each.
 */
const maximumKept = 1000
const kept = new Map<string, ForgedChain>()

/** The arrays of octets are the caller's own: a validator may do with them what it likes. */
function forgedOnce(model: ChainModel, planted: PlantedDefect | undefined): ForgedChain {
  const key = JSON.stringify([model, planted?.defect.name, planted?.place])
  const known = kept.get(key) ?? forgeChain(model, planted)
  if (kept.size >= maximumKept) kept.clear()
  kept.set(key, known)
  const { question } = known
  return {
    ...known,
    question: {
      ...question,
      certificate: question.certificate.slice(),
      intermediates: question.intermediates.map((der) => der.slice()),
      trustAnchors: question.trustAnchors.map((der) => der.slice()),
      crls: question.crls.map((der) => der.slice()),
      ocspResponses: question.ocspResponses.map((der) => der.slice()),
    },
  }
}

const wordsOf = ({ defect: { name, title, clause, cause } }: PlantedDefect) => ({
  defect: name,
  title,
  clause,
  cause,
})

/** In a few lines, and as PEM, so that it can be tried with other tools. */
export function describeChain({ question, expected, model }: GeneratedChain): string {
  const { certificate, intermediates, trustAnchors, at, identity, crls, ocspResponses } = question
  const decoys = model.decoys.map(({ kind }) => `, a decoy (${kind})`).join('')
  const verdict = expected.valid
    ? `valid${decoys}`
    : `invalid: ${expected.title} (${expected.clause})${depthWords(expected.depth)}`
  return [
    `chain that is ${verdict}`,
    `at ${at.toISOString()}, for ${identity.type} ${identity.value}`,
    `certificate:\n${pem(certificate)}`,
    ...intermediates.map((der) => `intermediate:\n${pem(der)}`),
    ...trustAnchors.map((der) => `trust anchor:\n${pem(der)}`),
    ...crls.map((der) => `CRL:\n${pemEncode('X509 CRL', der)}`),
    ...ocspResponses.map((der) => `OCSP response: ${Buffer.from(der).toString('base64')}`),
  ].join('\n')
}

const pem = (der: Uint8Array): string => pemEncode('CERTIFICATE', der)

const depthWords = (depth: number | undefined): string => (depth === undefined ? '' : `, at depth ${depth}`)
