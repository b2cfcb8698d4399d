import { pathToFileURL } from 'node:url'
import { type ChainValidator, validatorLaws } from '@certwright/testing'
import { naiveValidator } from './naive-validator.js'

/** The laws that a validator breaks, as sentences. It does not look at revocation, and is not asked. */
export async function brokenLaws(validate: ChainValidator): Promise<string[]> {
  const broken: string[] = []
  for (const law of validatorLaws(validate, { revocation: false }))
    await law.run({ runs: 10, shrink: false }).catch(() => broken.push(law.name))
  return broken
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const broken = await brokenLaws(naiveValidator)
  console.log(broken.map((law) => `not kept: ${law}`).join('\n'))
}
