/** uPlot options of a history chart: curve, min-max band, alert bands and axes. */
import uPlot, { type Options } from 'uplot'
import type { DeviceHistory } from '../../../../model/api.ts'
import { type ChartColumns, valueRange } from './chart-data.ts'

export interface ChartLook {
  readonly width: number
  readonly height: number
  /** Value of a CSS custom property, by name without dashes. */
  readonly colour: (name: string) => string
  readonly font: string
  /** Text of one value on the axis. */
  readonly valueText: (value: number) => string
  /** Width of an axis label, px. */
  readonly textWidth: (text: string) => number
  readonly onCursor: (index: number | null) => void
}

const DAY_S = 86_400
const wholeSteps = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((n) => n * 10 ** power)).flat()
const padTwo = (value: number): string => String(value).padStart(2, '0')

/** `HH:MM`; the date at midnight. */
function timeText(seconds: number): string {
  const at = new Date(seconds * 1000)
  const clock = `${padTwo(at.getHours())}:${padTwo(at.getMinutes())}`
  return clock === '00:00' ? `${at.getMonth() + 1}-${at.getDate()}` : clock
}

function drawBands(history: DeviceHistory, look: ChartLook) {
  return ({ ctx, bbox, valToPos, scales }: uPlot): void => {
    const end = scales.x?.max ?? history.to / 1000
    ctx.save()
    for (const band of history.bands) {
      const left = Math.max(bbox.left, valToPos(band.from / 1000, 'x', true))
      const right = Math.min(bbox.left + bbox.width, valToPos((band.to ?? end * 1000) / 1000, 'x', true))
      const width = Math.max(2, right - left)
      ctx.fillStyle = look.colour(`${band.severity}-wash`)
      ctx.fillRect(left, bbox.top, width, bbox.height)
      ctx.fillStyle = look.colour(`${band.severity}-edge`)
      ctx.fillRect(left, bbox.top, width, 3 * devicePixelRatio)
    }
    ctx.restore()
  }
}

/** Half a step of padding above and below words. */
function rangeOf(columns: ChartColumns): NonNullable<uPlot.Scale['range']> {
  const { words, whole } = columns
  if (words) return [-0.5, Math.max(0.5, words.length - 0.5)]
  return (_plot, low, high) => valueRange(low, high, whole)
}

/** Width for the longest word, at most a third of the chart; longer ones are clipped. */
function wordsWidth(words: readonly string[], look: ChartLook): number {
  const widths = words.map((_, index) => look.textWidth(look.valueText(index)))
  return Math.min(look.width / 3, Math.max(64, ...widths.map((width) => width + 24)))
}

export function chartOptions(history: DeviceHistory, columns: ChartColumns, look: ChartLook): Options {
  const { words, whole } = columns
  const axis = {
    stroke: look.colour('text-soft'),
    font: look.font,
    grid: { stroke: look.colour('line'), width: 1 },
    ticks: { stroke: look.colour('line'), width: 1 },
  }
  const stepped = uPlot.paths.stepped?.({ align: 1 })
  return {
    width: look.width,
    height: look.height,
    legend: { show: false },
    cursor: { y: false, points: { size: 8 } },
    scales: {
      x: {
        time: true,
        range: [history.from / 1000, Math.max(history.to / 1000, history.from / 1000 + DAY_S / 24)],
      },
      // Words top down in the order of the field description.
      y: { range: rangeOf(columns), dir: words ? -1 : 1 },
    },
    axes: [
      { ...axis, values: (_plot, splits) => splits.map(timeText) },
      {
        ...axis,
        size: words ? wordsWidth(words, look) : 64,
        incrs: whole ? wholeSteps : undefined,
        splits: words ? () => words.map((_, index) => index) : undefined,
        values: (_plot, splits) => splits.map(look.valueText),
      },
    ],
    series: [
      {},
      {
        stroke: look.colour('chart'),
        width: 1.75,
        spanGaps: false,
        paths: words && stepped ? stepped : undefined,
        points: { show: columns.x.length < 80 },
      },
      { stroke: 'transparent', points: { show: false } },
      { stroke: 'transparent', points: { show: false } },
    ],
    bands: [{ series: [3, 2], fill: look.colour('chart-wash') }],
    hooks: {
      drawClear: [drawBands(history, look)],
      setCursor: [(plot) => look.onCursor(plot.cursor.idx ?? null)],
    },
  }
}
