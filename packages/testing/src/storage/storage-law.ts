import assert from 'node:assert/strict'
import type {
  OpenedStorage,
  OtherProcess,
  StorageFactory,
  StorageNeed,
  StorageProbe,
} from './storage-factory.js'

/** One promise of the storage port, as a sentence and as a check. */
export interface StorageLaw {
  /** What it is about: `a transaction`. */
  readonly group: string
  /** The rest of the sentence: `leaves no trace of any write when its work rejects`. */
  readonly name: string
  readonly needs: readonly StorageNeed[]
  /** On a new store of the factory. Rejects where the law does not hold. */
  run(factory: StorageFactory): Promise<void>
}

/** A check of a store that has what the law needs. */
type Check<O> = (opened: O) => Promise<void>

interface Met {
  readonly probe: { readonly probe: StorageProbe }
  readonly processes: { readonly otherProcess: OtherProcess }
  readonly driver: unknown
}

/** The laws of one group, by sentence. */
export const laws = (group: string, checks: Readonly<Record<string, Check<OpenedStorage>>>): StorageLaw[] =>
  Object.entries(checks).map(([name, check]) => ({
    group,
    name,
    needs: [],
    run: (factory) => withStore(factory, check),
  }))

/** The same for laws that need more than the port. */
export const lawsWith = <N extends StorageNeed>(
  need: N,
  group: string,
  checks: Readonly<Record<string, Check<OpenedStorage & Met[N]>>>,
): StorageLaw[] =>
  Object.entries(checks).map(([name, check]) => ({
    group,
    name,
    needs: [need],
    run: (factory) =>
      withStore(factory, async (opened) => {
        assert.ok(meets(opened, need), `the factory gives no ${need}, and no reason in "lacks"`)
        await check(opened)
      }),
  }))

/** Why a law cannot be asked of a store; `undefined`: it can. */
export const reasonToSkip = (law: StorageLaw, factory: StorageFactory): string | undefined =>
  law.needs.map((need) => factory.lacks?.[need]).find((reason) => reason !== undefined)

async function withStore(factory: StorageFactory, check: Check<OpenedStorage>): Promise<void> {
  const opened = await factory.open()
  try {
    await check(opened)
  } finally {
    await opened.close()
  }
}

function meets<N extends StorageNeed>(opened: OpenedStorage, need: N): opened is OpenedStorage & Met[N] {
  if (need === 'probe') return opened.probe !== undefined
  if (need === 'processes') return opened.otherProcess !== undefined
  return true
}
