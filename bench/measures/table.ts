/** All measures. */
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
 * Latencies first, measures that fill disks and InfluxDB last: those stay busy for a while and would affect the other
 * figures.
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
