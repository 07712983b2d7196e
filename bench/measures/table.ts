/** Everything that is measured. */
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

/**
 * What people wait for comes first, what fills disks and InfluxDB last: for a while they are busy with what was
 * stored, and every other figure would be theirs as well.
 */
export const measures: readonly Measure[] = [
  alertDelay,
  backtest,
  engine,
  start,
  demoMemory,
  consoleSize,
  throughput,
  million,
  history,
]
