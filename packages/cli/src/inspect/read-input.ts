import { createReadStream } from 'node:fs'

/** Octets that are read: a CRL of a million entries has about 40 million, a bundle of all public roots 200,000. */
const maximumLength = 1 << 26

/** One named input: its bytes, or why there are none. */
export type Input = { readonly file: string } & ({ readonly bytes: Uint8Array } | { readonly fault: string })

/** @param file a path, or `-` for standard input */
export async function readInput(file: string): Promise<Input> {
  const stream = file === '-' ? process.stdin : createReadStream(file)
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > maximumLength) return { file, fault: `it has more than ${maximumLength} bytes` }
      chunks.push(chunk)
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return { file, fault: readFaults.get(code) ?? message }
  }
  return { file, bytes: Buffer.concat(chunks) }
}

const readFaults: ReadonlyMap<string | undefined, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EACCES', 'this user may not read it'],
  ['EISDIR', 'it is a folder'],
])
