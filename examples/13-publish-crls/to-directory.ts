import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cRLNumber, type CrlPublisher, findExtension, parseCrl } from '@certwright/core'

/**
 * CRLs as files, for a web server that has the address of `distribution.baseUrl`. With nginx:
 *
 *     location /crl/ { root /var/www/pki; default_type application/pkix-crl; try_files $uri.crl =404; }
 *
 * A list is there whole or not at all, and an older one never takes the place of a newer. For one process that publishes:
 * between the look and the renaming a second one could come.
 */
export function toDirectory(folder: string): CrlPublisher {
  return {
    async publish({ caId, scope, number, der }) {
      const path = join(folder, 'crl', scope === 'complete' ? `${caId}.crl` : `${caId}/${scope}.crl`)
      if ((await numberOf(path)) >= number) return
      await mkdir(dirname(path), { recursive: true })
      const draft = `${path}.${number}`
      await writeFile(draft, der)
      await rename(draft, path)
    },
  }
}

/** Of the list that is there; 0: there is none. */
async function numberOf(path: string): Promise<number> {
  const der = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return der === undefined ? 0 : Number(findExtension(parseCrl(der).extensions, cRLNumber))
}
