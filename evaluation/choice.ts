/** Which rules a scorecard is about. */

/** `E1,H` = E1 and all of H; all when absent. */
export function chosenBy(only: string | undefined): (ref: string) => boolean {
  if (only === undefined) return () => true
  const words = only.split(',').map((word) => word.trim())
  return (ref) => words.some((word) => word === ref || word === ref.replace(/\d.*$/, ''))
}
