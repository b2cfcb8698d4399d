/** A handful of languages is usual; nobody needs more looked at. */
const maximumRanges = 20

/**
 * The language that the browser likes best (RFC 9110 §12.5.4), the first of ours where it says nothing of any. A range for
 * a country, as `de-AT`, speaks for its language.
 *
 * @param accepted the `Accept-Language` field
 */
export function preferredLanguage<L extends string>(accepted: string | null, ours: readonly [L, ...L[]]): L {
  const weights = new Map<string, number>()
  for (const range of (accepted ?? '').split(',').slice(0, maximumRanges)) {
    const [tag = '', parameter = 'q=1'] = range.trim().toLowerCase().split(';')
    const [primary = ''] = tag.split('-')
    const weight = /^\s*q=(0(?:\.\d{1,3})?|1(?:\.0{1,3})?)\s*$/.exec(parameter)?.[1]
    weights.set(primary, Math.max(weights.get(primary) ?? 0, Number(weight ?? 0)))
  }
  const weightOf = (language: L): number => weights.get(language) ?? 0
  return ours.reduce((best, each) => (weightOf(each) > weightOf(best) ? each : best))
}
