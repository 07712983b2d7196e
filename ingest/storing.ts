/** A message on its way to disk: until it is there, a repetition of it must wait for its fate. */
import type { Receipt } from '../model/ports/receipt.ts'
import type { DuplicateWindow, Identity } from './duplicates.ts'
import type { ReadResult } from './read-message.ts'
import type { Verdict } from './verdict.ts'

export interface DeviceState {
  readonly window: DuplicateWindow
  /** Appends that are not on disk yet and may still fail: as many as the device has messages under way, oldest first. */
  readonly unsettled: Storing[]
}

export type ReadEntry = Extract<ReadResult, { kind: 'entry' }>

/** What is counted of each message when its fate is known. */
export interface Counting {
  stored(read: ReadEntry): void
  failed(): void
}

export interface StoringOptions {
  readonly read: ReadEntry
  /** Undefined when nothing tells a repetition of it. */
  readonly identity: Identity | undefined
  readonly state: DeviceState
  /** Told after the device's state is right again. */
  readonly verdict: Verdict
  readonly counting: Counting
}

/** A class, because there is one a message. Enters the device's state when made, leaves it when settled. */
export class Storing implements Receipt {
  readonly identity: Identity | undefined
  readonly #read: ReadEntry
  readonly #state: DeviceState
  readonly #verdict: Verdict
  readonly #counting: Counting
  #repetitions: (() => void)[] | undefined

  constructor({ read, identity, state, verdict, counting }: StoringOptions) {
    this.identity = identity
    this.#read = read
    this.#state = state
    this.#verdict = verdict
    this.#counting = counting
    if (!identity) return
    state.window.add(identity)
    state.unsettled.push(this)
  }

  /** Calls back when it is known whether this one is stored. */
  whenSettled(repetition: () => void): void {
    this.#repetitions ??= []
    this.#repetitions.push(repetition)
  }

  stored(): void {
    this.#leave()
    this.#counting.stored(this.#read)
    this.#verdict.stored('stored')
    this.#callRepetitions()
  }

  failed(error: unknown): void {
    // Without this the device's next try would be taken for a duplicate, acknowledged, and lost.
    if (this.identity) this.#state.window.remove(this.identity)
    this.#leave()
    this.#counting.failed()
    this.#verdict.failed(error)
    this.#callRepetitions()
  }

  #leave(): void {
    if (!this.identity) return
    const { unsettled } = this.#state
    if (unsettled[0] === this) unsettled.shift()
    else unsettled.splice(unsettled.indexOf(this), 1)
  }

  #callRepetitions(): void {
    for (const repetition of this.#repetitions ?? []) repetition()
  }
}
