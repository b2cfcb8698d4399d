import type { SealedKeyStore } from '@certwright/core'
import { orNull, sealedKeyOf, seconds } from '@certwright/sql'
import type { Connection } from './connection.js'

/**
 * Sealed keys beside the records of their CAs.
 *
 * @param write runs a write as a transaction of its own
 */
export function keyStore(
  reader: Connection,
  write: <T>(work: (writer: Connection) => T) => Promise<T>,
): SealedKeyStore {
  return {
    async insertKey(key) {
      const sql = `
        INSERT INTO sealed_keys (key_id, key_algorithm, spki_der, sealed, wrapped_data_key, kek_id, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)`
      await write((writer) =>
        writer.run(
          sql,
          key.keyId,
          key.keyAlgorithm,
          key.spkiDer,
          key.sealed,
          orNull(key.wrappedDataKey),
          orNull(key.kekId),
          seconds(key.createdAt),
        ),
      )
    },

    async findKey(keyId) {
      const row = reader.first('SELECT * FROM sealed_keys WHERE key_id = ?', keyId)
      return row && sealedKeyOf(row)
    },

    async *listKeys() {
      for (const { key_id: keyId } of reader.all('SELECT key_id FROM sealed_keys ORDER BY key_id')) {
        const row = reader.first('SELECT * FROM sealed_keys WHERE key_id = ?', String(keyId))
        if (row !== undefined) yield sealedKeyOf(row)
      }
    },

    rewrapKey(keyId, { from, wrappedDataKey, kekId }) {
      const sql =
        'UPDATE sealed_keys SET wrapped_data_key = ?, kek_id = ? WHERE key_id = ? AND wrapped_data_key = ?'
      return write((writer) => writer.run(sql, wrappedDataKey, kekId, keyId, from) === 1)
    },

    async deleteKey(keyId) {
      await write((writer) => writer.run('DELETE FROM sealed_keys WHERE key_id = ?', keyId))
    },
  }
}
