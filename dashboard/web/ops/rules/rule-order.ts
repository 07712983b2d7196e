/** Order of the list of rules. Pure. */

interface Referenced {
  readonly id: string
  readonly ref: string
}

/** Compares by letter and number of the reference: E2 before E10. */
export function byReference(a: Referenced, b: Referenced): number {
  return (
    partsOf(a.ref).letter.localeCompare(partsOf(b.ref).letter) ||
    numberOf(a) - numberOf(b) ||
    (a.id < b.id ? -1 : 1)
  )
}

const partsOf = (ref: string) => ({ letter: ref.charAt(0), number: Number.parseInt(ref.slice(1), 10) })
const numberOf = ({ ref }: Referenced): number => partsOf(ref).number || 0
