/** What may happen to messages between device and hub: held up, doubled, lost, or stamped by a wrong clock. */
import type { Span } from '../faults/fault.ts'
import type { Heard } from '../message-stream.ts'
import type { Random } from '../random.ts'

export interface BendContext {
  readonly span: Span
  /** The device's own. */
  readonly random: Random
}

export interface Disturbance {
  readonly name: string
  /** Longest time (ms) by which what a device tells comes later than it was said. */
  readonly delays: number
  /** By how much (ms) the stamps of its messages may differ from the true time. */
  readonly skews: number
  /** Rules that honestly speak about it, with the reason. */
  readonly brings?: Readonly<Record<string, string>>
  /** The hub itself hears nothing, not even its own clock, and devices connect anew afterwards. */
  readonly deafens?: true
  /** ms after its span in which it bends as well: what is said then waits behind what was kept. */
  readonly settles?: number
  /** What the hub hears in place of one message: none = lost. Asked within its span alone, and while it settles; never heard before it was said. */
  bend(message: Heard, context: BendContext): readonly Heard[]
}
