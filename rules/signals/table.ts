/** All signal kinds; a new one is a file and an entry here. */
import { delay } from './delay.ts'
import { latch } from './latch.ts'
import type { SignalKind } from './signal.ts'
import { stable } from './stable.ts'

const list: readonly SignalKind[] = [latch, delay, stable]

export const signalKinds: ReadonlyMap<string, SignalKind> = new Map(list.map((kind) => [kind.name, kind]))
