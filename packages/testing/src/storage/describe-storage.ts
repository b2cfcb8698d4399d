import type { StorageFactory } from './storage-factory.js'
import { reasonToSkip, type StorageLaw } from './storage-law.js'
import { storageLaws } from './storage-laws.js'

/** Milliseconds that one law may take: child processes, and a database on a slow disk. */
const lawTimeout = 60_000

/** What Vitest, Jest, Mocha and `node:test` have in common. */
export interface TestRunner {
  readonly describe: (name: string, register: () => void) => unknown
  readonly it: Register & { readonly skip: Register }
}

type Register = (name: string, run: () => Promise<void>, timeout?: number) => unknown

export interface DescribeStorageOptions {
  /** Default: the global `describe` and `it`. */
  readonly runner?: TestRunner
}

/**
 * Register every law of the storage port as a test. A law that the store cannot be asked is skipped, with the reason that
 * the factory gives, in the title.
 *
 * @throws {TypeError} there is no runner: neither in the options nor among the globals
 */
export function describeStorage(
  name: string,
  factory: StorageFactory,
  { runner = globalRunner() }: DescribeStorageOptions = {},
): void {
  runner.describe(name, () => {
    for (const [group, laws] of grouped(storageLaws)) {
      runner.describe(group, () => laws.forEach((law) => register(law, factory, runner)))
    }
  })
}

function register(law: StorageLaw, factory: StorageFactory, { it }: TestRunner): void {
  const reason = reasonToSkip(law, factory)
  if (reason === undefined) it(law.name, () => law.run(factory), lawTimeout)
  else it.skip(`${law.name} (${reason})`, async () => undefined)
}

function grouped(laws: readonly StorageLaw[]): Map<string, StorageLaw[]> {
  const groups = new Map<string, StorageLaw[]>()
  for (const law of laws) groups.set(law.group, [...(groups.get(law.group) ?? []), law])
  return groups
}

function globalRunner(): TestRunner {
  const { describe, it } = globalThis as Partial<TestRunner>
  if (describe !== undefined && it !== undefined) return { describe, it }
  throw new TypeError('describeStorage: there is no global describe and it; pass them as options.runner')
}
