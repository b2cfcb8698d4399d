import type { SealedKeyStore } from '@certwright/core'
import { orNull, sealedKeyOf, seconds, text } from '@certwright/sql'
import type { Executor } from './executor.js'
import { defaultSchema, quotedSchema } from './schema-name.js'
import { Session } from './session.js'
import { StatementTexts } from './statement.js'

/** The sealed private keys of CAs, beside their records: for `sealedCustody`. */
export function postgresKeyStore(
  executor: Executor,
  { schema = defaultSchema }: { readonly schema?: string } = {},
): SealedKeyStore {
  const session = new Session(executor, new StatementTexts(quotedSchema(schema)))
  return {
    insertKey: (key) =>
      session.insert('sealed_keys', [
        {
          key_id: key.keyId,
          key_algorithm: key.keyAlgorithm,
          spki_der: key.spkiDer,
          sealed: key.sealed,
          wrapped_data_key: orNull(key.wrappedDataKey),
          kek_id: orNull(key.kekId),
          created_at: seconds(key.createdAt),
        },
      ]),

    async findKey(keyId) {
      const row = await session.first('SELECT * FROM @sealed_keys WHERE key_id = $1', keyId)
      return row && sealedKeyOf(row)
    },

    async *listKeys() {
      for (const row of await session.all('SELECT key_id FROM @sealed_keys ORDER BY key_id COLLATE "C"')) {
        const sealed = await session.first(
          'SELECT * FROM @sealed_keys WHERE key_id = $1',
          text(row, 'key_id'),
        )
        if (sealed !== undefined) yield sealedKeyOf(sealed)
      }
    },

    async rewrapKey(keyId, { from, wrappedDataKey, kekId }) {
      const sql = `
        UPDATE @sealed_keys SET wrapped_data_key = $1, kek_id = $2 WHERE key_id = $3 AND wrapped_data_key = $4`
      return (await session.run(sql, wrappedDataKey, kekId, keyId, from)) === 1
    },

    async deleteKey(keyId) {
      await session.run('DELETE FROM @sealed_keys WHERE key_id = $1', keyId)
    },
  }
}
