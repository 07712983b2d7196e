/** Which rules a scorecard covers. */

/** Filter of rules by `ref`: `E1,H` selects E1 and every H rule; undefined selects all. */
export function ruleFilter(only: string | undefined): (ref: string) => boolean {
  if (only === undefined) return () => true
  const wanted = only.split(',').map((word) => word.trim())
  return (ref) => wanted.some((word) => word === ref || word === ref.replace(/\d.*$/, ''))
}
