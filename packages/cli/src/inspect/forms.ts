import { createHash } from 'node:crypto'

/** Lowercase hex. */
export const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')

/** Times in these structures have whole seconds. */
export const isoTime = (time: Date): string => time.toISOString().replace('.000Z', 'Z')

export const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
