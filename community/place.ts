/** Places as people say them: building, home, room; for street furniture the grid and the spot. Pure. */
import type { Text } from '../model/text.ts'

/** From the widest to the narrowest; what is not known is absent. */
export interface PlaceParts {
  readonly site: Text
  readonly grid?: Text | undefined
  readonly building?: Text | undefined
  readonly home?: Text | undefined
  /** Within its home, building or grid; a device without one is told by its name. */
  readonly spot?: Text | undefined
}

/** E.g. `3 号楼 501 客厅` / `Building 3, 501, Living room`; `北区 东门` / `North grid, East gate`. */
export function placeText(parts: PlaceParts): Text {
  const indoors = parts.building ?? parts.home
  const chosen = indoors ? [parts.building, parts.home, parts.spot] : [parts.grid ?? parts.site, parts.spot]
  const known = chosen.filter((part) => part !== undefined)
  return {
    zh: join(
      known.map((part) => part.zh),
      ' ',
    ),
    en: join(
      known.map((part) => part.en),
      ', ',
    ),
  }
}

/** A house with one home often has one name for both; nobody says it twice. */
function join(parts: readonly string[], separator: string): string {
  return parts.filter((part, index) => part !== parts[index - 1]).join(separator)
}
