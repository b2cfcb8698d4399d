import type { Storage } from '@certwright/core'
import type { Ports } from './ports.js'
import { replaceMethods } from './replace-methods.js'

/**
 * The work of every transaction runs twice: once for nothing, rolled back as after a serialization failure, and once for
 * good. A caller whose work touches anything but `tx` is found out.
 */
export const duplicateDelivery = <P extends Ports & { readonly storage: Storage }>(ports: P): P => ({
  ...ports,
  storage: replaceMethods(ports.storage, {
    async transaction(work) {
      const lost = new Error('the transaction was rolled back')
      await ports.storage
        .transaction(async (tx) => {
          await work(tx)
          throw lost
        })
        .catch((error: unknown) => {
          if (error !== lost) throw error
        })
      return ports.storage.transaction(work)
    },
  }),
})
