/** A message on its way to disk: until it is there, a repetition of it must wait for its fate. */
import type { Receipt } from '../model/ports/receipt.ts'
import type { DuplicateWindow, Identity } from './duplicates.ts'

export interface DeviceState {
  readonly window: DuplicateWindow
  /** Appends that are not on disk yet and may still fail: as many as the device has messages under way, oldest first. */
  readonly unsettled: Storing[]
}

export interface StoringOptions {
  readonly identity: Identity
  readonly state: DeviceState
  /** Told after the device's state is right again. */
  readonly receipt: Receipt
}

/** A class, because there is one a message. Enters the device's state when made, leaves it when settled. */
export class Storing implements Receipt {
  readonly identity: Identity
  readonly #state: DeviceState
  readonly #receipt: Receipt
  #repetitions: (() => void)[] | undefined

  constructor({ identity, state, receipt }: StoringOptions) {
    this.identity = identity
    this.#state = state
    this.#receipt = receipt
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
    this.#receipt.stored()
    this.#callRepetitions()
  }

  failed(error: unknown): void {
    // Without this the device's next try would be taken for a duplicate, acknowledged, and lost.
    this.#state.window.remove(this.identity)
    this.#leave()
    this.#receipt.failed(error)
    this.#callRepetitions()
  }

  #leave(): void {
    const { unsettled } = this.#state
    if (unsettled[0] === this) unsettled.shift()
    else unsettled.splice(unsettled.indexOf(this), 1)
  }

  #callRepetitions(): void {
    for (const repetition of this.#repetitions ?? []) repetition()
  }
}
