/** Results as tables: plain text for a terminal, Markdown for `docs/figures.md`. */
import { type Cell, type Goal, isReached, type Result, rounded, type Table } from './measure.ts'

const number = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 })
const formatCell = (cell: Cell): string =>
  typeof cell === 'string' ? cell : Number.isNaN(cell) ? '-' : number.format(cell)

/** Goals with their measured values. */
export function goalTable(goals: readonly Goal[]): Table {
  return {
    title: 'Goals',
    columns: ['figure', 'measured', 'goal', 'reached'],
    rows: goals.map((goal) => {
      const bound =
        'atLeast' in goal.bound
          ? `>= ${formatCell(goal.bound.atLeast)}`
          : `<= ${formatCell(goal.bound.atMost)}`
      return [
        goal.name,
        `${formatCell(rounded(goal.value))} ${goal.unit}`.trim(),
        `${bound} ${goal.unit}`.trim(),
        isReached(goal) ? 'yes' : 'NO',
      ]
    }),
  }
}

/** All tables, goals and skipped parts in order. */
export function mergeResults(results: readonly Result[]): Result {
  return {
    tables: results.flatMap(({ tables }) => tables),
    goals: results.flatMap(({ goals }) => goals),
    skipped: results.flatMap(({ skipped }) => skipped),
  }
}

/** A table in aligned columns. */
export function plainText(table: Table): string {
  const lines = [table.columns, ...table.rows].map((row) => row.map(formatCell))
  const widths = table.columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const isNumber = (column: number): boolean => table.rows.every((row) => typeof row[column] === 'number')
  const text = lines.map((line) =>
    line
      .map((cell, column) =>
        isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
  return [table.title, ...text.map((line) => `  ${line}`)].join('\n')
}

/** A table with its heading. */
export function markdown(table: Table): string {
  const row = (cells: readonly Cell[]): string => `| ${cells.map(formatCell).join(' | ')} |`
  const rule = `| ${table.columns.map(() => '---').join(' | ')} |`
  return [`## ${table.title}`, '', row(table.columns), rule, ...table.rows.map(row)].join('\n')
}

/** Anonymous facts about the machine. */
export interface Machine {
  readonly cores: number
  readonly memoryGiB: number
  readonly node: string
  /** Load average (1 minute) before the run, from other processes, and after it, including the run. */
  readonly loadBefore: number
  readonly loadAfter: number
}

/** The page `docs/figures.md`. */
export function figuresPage(result: Result, machine: Machine): string {
  const facts = `${machine.cores} cores, ${machine.memoryGiB} GiB of memory, Node ${machine.node}, load ${machine.loadBefore.toFixed(1)} before the run and ${machine.loadAfter.toFixed(1)} at its end`
  const skipped = result.skipped.map((line) => `- Skipped: ${line}`)
  return [
    '# Figures',
    '',
    `The last whole run of \`npm run bench\`: ${facts}. The load generator runs on the same cores as the measured server. Values are medians where there are several rounds.`,
    '',
    'The hub checks each message, stores it with fsync before the acknowledgement, evaluates and archives it; the peers only acknowledge it.',
    '',
    ...(skipped.length > 0 ? [...skipped, ''] : []),
    ...[goalTable(result.goals), ...result.tables].flatMap((table) => [markdown(table), '']),
  ].join('\n')
}
