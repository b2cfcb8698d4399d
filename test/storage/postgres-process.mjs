// Another process with the same schema, for the laws of the storage port. It is bundled: see bundled-process.ts.
import { fromPool, postgresStorage } from '@certwright/postgres'
import { actAsOtherProcess } from '@certwright/testing'
import pg from 'pg'

await actAsOtherProcess((argument) => {
  const { url, schema } = JSON.parse(argument)
  return postgresStorage(fromPool(new pg.Pool({ connectionString: url, max: 4 })), { schema })
})
