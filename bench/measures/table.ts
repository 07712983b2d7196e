/** Everything that is measured, in order. */
import type { Measure } from '../measure.ts'
import { alertDelay } from './alert-delay.ts'
import { backtest } from './backtest.ts'
import { consoleSize } from './console-size.ts'
import { demoMemory } from './demo-memory.ts'
import { engine } from './engine.ts'
import { history } from './history.ts'
import { million } from './million.ts'
import { start } from './start.ts'
import { throughput } from './throughput.ts'

export const measures: readonly Measure[] = [
  throughput,
  million,
  history,
  alertDelay,
  backtest,
  engine,
  start,
  demoMemory,
  consoleSize,
]
