/** Below that nothing is gained: the headers of the answer are as long. */
const worthwhileBytes = 4096
/** Of all lists together; a longer one is sent as it is. */
const maximumKeptBytes = 64 * 1024 * 1024

/** Lists as gzip, each compressed once: serial numbers are random, the rest of an entry repeats. */
export interface CompressedLists {
  /** @returns `undefined`: it is not worth it */
  gzip(list: {
    readonly key: string
    readonly version: string
    readonly der: Uint8Array<ArrayBuffer>
  }): Promise<Uint8Array<ArrayBuffer> | undefined>
}

interface Kept {
  readonly version: string
  readonly size: number
  readonly bytes: Promise<Uint8Array<ArrayBuffer>>
}

export function compressedLists(): CompressedLists {
  const kept = new Map<string, Kept>()
  return {
    async gzip({ key, version, der }) {
      if (der.length < worthwhileBytes || der.length > maximumKeptBytes) return undefined
      const known = kept.get(key)
      if (known?.version === version) return known.bytes
      const made = { version, size: der.length, bytes: compress(der) }
      kept.delete(key)
      kept.set(key, made)
      forgetOldest(kept)
      return made.bytes
    },
  }
}

function forgetOldest(kept: Map<string, Kept>): void {
  let total = 0
  for (const { size } of kept.values()) total += size
  for (const [key, { size }] of kept) {
    if (total <= maximumKeptBytes) return
    kept.delete(key)
    total -= size
  }
}

async function compress(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** Whether the client takes gzip (RFC 9110 §12.5.3); one that says nothing is not surprised by it. */
export function acceptsGzip(request: Request): boolean {
  const accepted = (request.headers.get('accept-encoding') ?? '').toLowerCase().split(',')
  return accepted.some((item) => {
    const [coding, weight] = item.split(';').map((part) => part.trim())
    return (coding === 'gzip' || coding === '*') && !/^q=0(\.0{0,3})?$/.test(weight ?? '')
  })
}
