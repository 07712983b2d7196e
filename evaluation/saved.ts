/** The last scorecard: kept beside the documentation, committed, compared with the next one. */
import { readFileSync, writeFileSync } from 'node:fs'
import { type Figures, scorecardFigures } from './figures.ts'
import { pageOf } from './page.ts'

const docs = new URL('../docs/', import.meta.url)
const file = new URL('scorecard.json', docs)

/** Undefined when there is none, or one of another form. */
export function lastFigures(): Figures | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  return scorecardFigures.safeParse(JSON.parse(text)).data
}

/** One rule a line, so that a change shows which. */
export function saveFigures(figures: Figures): void {
  const { rules, ...run } = figures
  const head = JSON.stringify(run, null, 2).slice(0, -2)
  const lines = rules.map((rule) => `    ${JSON.stringify(rule)}`).join(',\n')
  writeFileSync(file, `${head},\n  "rules": [\n${lines}\n  ]\n}\n`)
  writeFileSync(new URL('scorecard.md', docs), pageOf(figures))
}
