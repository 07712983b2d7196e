/** Acknowledges alerts, and undoes it for 10 s on the same screen. */
import { reactive } from 'vue'
import type { Alert } from '../../../../model/alert.ts'
import type { Cancel, Clock } from '../../../../model/clock.ts'

export const UNDO_MS = 10_000
const COUNTDOWN_MS = 250

export interface AcknowledgementCommands {
  /** Sends the command; false when it failed. */
  acknowledge(alert: Alert): Promise<boolean>
  unacknowledge(id: string): Promise<boolean>
}

export interface Acknowledgements {
  /** Alert id -> seconds left to undo the acknowledgement; reactive. */
  readonly undoSeconds: ReadonlyMap<string, number>
  acknowledge(alert: Alert): Promise<void>
  /** Undoes an acknowledgement made on this screen in the last 10 s. */
  undo(id: string): Promise<void>
}

export function createAcknowledgements(commands: AcknowledgementCommands, clock: Clock): Acknowledgements {
  const undoSeconds = reactive(new Map<string, number>())
  const countdowns = new Map<string, Cancel>()
  /** Acknowledgements being sent, by alert id; an undo waits for them. */
  const pending = new Map<string, Promise<boolean>>()

  function startUndo(id: string): void {
    stopUndo(id)
    const until = clock.now() + UNDO_MS
    const updateCountdown = (): void => {
      const left = Math.ceil((until - clock.now()) / 1000)
      if (left > 0) undoSeconds.set(id, left)
      else stopUndo(id)
    }
    countdowns.set(id, clock.every(COUNTDOWN_MS, updateCountdown))
    updateCountdown()
  }
  function stopUndo(id: string): void {
    countdowns.get(id)?.()
    countdowns.delete(id)
    undoSeconds.delete(id)
  }

  return {
    undoSeconds,
    async acknowledge(alert) {
      if (alert.attention === 'acknowledged') return
      const sent = commands.acknowledge(alert)
      pending.set(alert.id, sent)
      const succeeded = await sent
      pending.delete(alert.id)
      if (succeeded) startUndo(alert.id)
    },
    async undo(id) {
      await pending.get(id)
      if (!undoSeconds.has(id)) return
      if (await commands.unacknowledge(id)) stopUndo(id)
    },
  }
}
