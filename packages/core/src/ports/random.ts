/**
 * Where randomness comes from: serial numbers, ids, API keys. Implementations MUST be cryptographically secure;
 * a seeded one is for tests alone.
 */
export interface Random {
  /** @param length 1 to 65,536 */
  bytes(length: number): Uint8Array
}
