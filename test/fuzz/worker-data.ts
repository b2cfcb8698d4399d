/** What the main thread gives a worker. */
export interface WorkerData {
  readonly parser: string
  readonly seconds: number
  readonly seed: number
  /** The folder of the packs, for the start corpus. */
  readonly vectors: string
  /** How many inputs have begun and the length of the current one, 4 octets each; its octets behind. */
  readonly shared: SharedArrayBuffer
}

export const sharedHeader = 8
export const sharedLength = sharedHeader + (1 << 16)
