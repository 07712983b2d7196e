/** The last saved scorecard: `docs/scorecard.json` and `docs/scorecard.md`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { type Figures, scorecardFigures } from './figures.ts'
import { pageOf } from './page.ts'

const docs = new URL('../docs/', import.meta.url)
const file = new URL('scorecard.json', docs)

/** The saved figures; undefined if there are none or they have another format. */
export function lastFigures(): Figures | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  return scorecardFigures.safeParse(JSON.parse(text)).data
}

/** Writes JSON and Markdown; one line per rule, so that a diff shows which rule changed. */
export function saveFigures(figures: Figures): void {
  const { rules, ...run } = figures
  const head = JSON.stringify(run, null, 2).slice(0, -2)
  const lines = rules.map((rule) => `    ${JSON.stringify(rule)}`).join(',\n')
  writeFileSync(file, `${head},\n  "rules": [\n${lines}\n  ]\n}\n`)
  writeFileSync(new URL('scorecard.md', docs), pageOf(figures))
}
