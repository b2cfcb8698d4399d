/**
 * The same items in an order that a number tells: 0 is theirs, every other one a shuffle, the same each time.
 *
 * @param order 0 to 2^31 - 1
 */
export function inOrder<T>(items: readonly T[], order: number): T[] {
  const list = [...items]
  if (order === 0) return list
  let state = order
  for (let i = list.length - 1; i > 0; i--) {
    // The generator of Park and Miller (1988): its state is never 0.
    state = (state * 48_271) % 2_147_483_647
    const j = state % (i + 1)
    ;[list[i], list[j]] = [list[j] as T, list[i] as T]
  }
  return list
}
