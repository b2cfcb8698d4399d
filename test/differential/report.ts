import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pemEncode } from '@certwright/core'
import type { GeneratedChain } from '@certwright/testing/arbitraries'
import type { Disagreement, JudgeReport } from './find-disagreements.js'

export interface ReportHead {
  readonly runs: number
  readonly seed: number
}

/** `report.json` and `report.md`, in a folder that is made if need be. */
export function writeReport(folder: string, head: ReportHead, reports: readonly JudgeReport[]): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'report.json'), `${JSON.stringify(toJson(head, reports), undefined, 2)}\n`)
  writeFileSync(join(folder, 'report.md'), toMarkdown(head, reports))
}

export const toJson = (head: ReportHead, reports: readonly JudgeReport[]) => ({
  ...head,
  judges: reports.map(({ disagreements, ...judge }) => ({
    ...judge,
    disagreements: disagreements.map(({ chain, judge: _, version: __, ...one }) => ({
      ...one,
      chain: pemsOf(chain),
    })),
  })),
})

const pem = (der: Uint8Array): string => pemEncode('CERTIFICATE', der)

/** The chain, for other tools. */
function pemsOf({ question }: GeneratedChain) {
  return {
    certificate: pem(question.certificate),
    intermediates: question.intermediates.map(pem),
    trustAnchors: question.trustAnchors.map(pem),
    crls: question.crls.map((der) => pemEncode('X509 CRL', der)),
    at: question.at.toISOString(),
    identity: question.identity,
  }
}

export function toMarkdown({ runs, seed }: ReportHead, reports: readonly JudgeReport[]): string {
  return [
    '# Disagreements of validators with the verdict that a chain was made for',
    '',
    `\`npm run differential -- --runs ${runs} --seed ${seed}\``,
    '',
    'Each chain is generated with its verdict: it is valid because it was built valid, or has exactly one defect. Of each',
    'kind that a validator sees wrong, the smallest chain that was found is below. A validator is not asked what it does',
    'not claim to do. Some disagreements are choices that a standard allows: the clause says what ours rests on.',
    '',
    '| validator | version | chains judged | kinds seen wrong |',
    '|---|---|---|---|',
    ...reports.map(
      ({ judge, version, judged, disagreements }) =>
        `| ${judge} | ${version} | ${judged} | ${disagreements.length} |`,
    ),
    ...reports.filter(({ disagreements }) => disagreements.length > 0).flatMap(sectionOf),
    '',
  ].join('\n')
}

const sectionOf = ({ judge, version, disagreements }: JudgeReport): readonly string[] => [
  '',
  `## ${judge} ${version}`,
  ...disagreements.flatMap(caseOf),
]

function caseOf({ expected, cause, title, clause, runs, chain }: Disagreement): readonly string[] {
  const { certificate, intermediates, trustAnchors, crls, at, identity } = pemsOf(chain)
  const verb = expected === 'valid' ? 'Refuses' : 'Accepts'
  return [
    '',
    `### ${verb} ${title}`,
    '',
    `${clause}. Found after ${runs} chains of this kind (\`${cause}\`). At ${at}, for ${identity.type} ${identity.value}.`,
    '',
    '<details><summary>PEM</summary>',
    '',
    '```text',
    `certificate\n${certificate.trimEnd()}`,
    ...intermediates.map((pem) => `intermediate\n${pem.trimEnd()}`),
    ...trustAnchors.map((pem) => `trust anchor\n${pem.trimEnd()}`),
    ...crls.map((pem) => `CRL\n${pem.trimEnd()}`),
    '```',
    '',
    '</details>',
  ]
}
