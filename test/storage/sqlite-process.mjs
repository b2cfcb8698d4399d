// Another process with the same file, for the laws of the storage port. It is bundled: see bundled-process.ts.
import { sqliteStorage } from '@certwright/sqlite'
import { actAsOtherProcess } from '@certwright/testing'

await actAsOtherProcess((path) => sqliteStorage(path))
