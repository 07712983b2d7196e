/** The one table of signals; a new one is one file and one line here. */
import { delay } from './delay.ts'
import { latch } from './latch.ts'
import type { SignalKind } from './signal.ts'
import { steady } from './steady.ts'

const list: readonly SignalKind[] = [latch, delay, steady]

export const signalKinds: ReadonlyMap<string, SignalKind> = new Map(list.map((kind) => [kind.name, kind]))
