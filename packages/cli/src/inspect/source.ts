/** Where an item stands. */
export interface Source {
  /** As it was named; `-` is standard input. */
  readonly file: string
  /** Of a PEM text: the block's number, from 1, its label, and the line of its beginning, from 1. */
  readonly block?: number
  readonly label?: string
  readonly line?: number
}

/** `chain.pem, block 2 ("CERTIFICATE", line 31)` */
export function sourceName({ file, block, label, line }: Source): string {
  const name = file === '-' ? 'standard input' : file
  return block === undefined ? name : `${name}, block ${block} ("${label}", line ${line})`
}
