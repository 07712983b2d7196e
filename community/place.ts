/** Places as a person would name them: building, home, room; for street furniture the grid and the spot. Pure. */
import type { Text } from '../model/text.ts'

/** From the widest to the narrowest; unknown names are absent. */
export interface PlaceNames {
  readonly site: Text
  readonly grid?: Text | undefined
  readonly building?: Text | undefined
  readonly home?: Text | undefined
  /** Within its home, building or grid; devices without a spot use their own name. */
  readonly spot?: Text | undefined
}

/** E.g. `3 号楼 501 客厅` / `Building 3, 501, Living room`; `北区 东门` / `North grid, East gate`. */
export function placeText(names: PlaceNames): Text {
  const isIndoors = (names.building ?? names.home) !== undefined
  const chosen = isIndoors ? [names.building, names.home, names.spot] : [names.grid ?? names.site, names.spot]
  const known = chosen.filter((name) => name !== undefined)
  return {
    zh: join(
      known.map((name) => name.zh),
      ' ',
    ),
    en: join(
      known.map((name) => name.en),
      ', ',
    ),
  }
}

/** A building with a single home often has the same name as the home; repeated names are dropped. */
function join(names: readonly string[], separator: string): string {
  return names.filter((name, index) => name !== names[index - 1]).join(separator)
}
