/** A message between acceptance and the disk. Until it is stored or has failed, its repetitions wait for the outcome. */
import type { Receipt } from '../model/ports/receipt.ts'
import { type Identity, isSame } from './duplicates.ts'
import type { Accepted } from './pipeline.ts'

/** Appends of one device that may still fail, oldest first. */
export type PendingAppends = PendingAppend[]

export interface PendingAppendOptions {
  readonly message: Accepted
  readonly pending: PendingAppends
  /** Called before the sender's receipt, so that the state is right when the next message arrives. */
  readonly onStored: (message: Accepted) => void
  readonly onFailed: (message: Accepted) => void
  /** The sender's. */
  readonly receipt: Receipt<'stored'>
}

/** Enters `pending` when created, leaves it when settled. A class, because one is created for every message. */
export class PendingAppend implements Receipt {
  readonly #options: PendingAppendOptions
  #repetitions: (() => void)[] | undefined

  constructor(options: PendingAppendOptions) {
    this.#options = options
    if (options.message.identity) options.pending.push(this)
  }

  isOf(identity: Identity): boolean {
    return isSame(this.#options.message.identity, identity)
  }

  /** Calls back once the message is stored or has failed. */
  whenSettled(repetition: () => void): void {
    this.#repetitions ??= []
    this.#repetitions.push(repetition)
  }

  stored(): void {
    const { message, onStored, receipt } = this.#options
    this.#leave()
    onStored(message)
    receipt.stored('stored')
    this.#callRepetitions()
  }

  failed(error: unknown): void {
    const { message, onFailed, receipt } = this.#options
    this.#leave()
    onFailed(message)
    receipt.failed(error)
    this.#callRepetitions()
  }

  #leave(): void {
    const { message, pending } = this.#options
    if (!message.identity) return
    if (pending[0] === this) pending.shift()
    else pending.splice(pending.indexOf(this), 1)
  }

  #callRepetitions(): void {
    for (const repetition of this.#repetitions ?? []) repetition()
  }
}
