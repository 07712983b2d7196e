/** What a person can do to an alert, which dialog is open for it, and the short time in which 确认 can be undone. */
import { defineStore } from 'pinia'
import { reactive, shallowRef } from 'vue'
import type { Alert } from '../../../../model/alert.ts'
import { useHub } from '../../shared/api/hub.ts'
import { screenClock } from '../../shared/clock.ts'
import { useTexts } from '../../shared/i18n/index.ts'
import { useCommand } from '../../shared/use-command.ts'

export const UNDO_MS = 10_000

export type AlertDialog = 'dispatch' | 'shelve' | 'clear' | 'reopen'

export const useAlertActions = defineStore('alert-actions', () => {
  const hub = useHub()
  const { pick } = useTexts()
  const command = useCommand()
  /** The open dialog and its alert, as it was when the dialog was opened. */
  const open = shallowRef<{ readonly kind: AlertDialog; readonly alert: Alert } | null>(null)
  /** Alert id -> whole seconds left to undo the acknowledgement made here. */
  const undoSeconds = reactive(new Map<string, number>())

  async function acknowledge(alert: Alert): Promise<void> {
    if (alert.attention === 'acknowledged') return
    const done = await command.run(alert.id, () => hub.alertCommand(alert.id, 'acknowledge'), {
      key: 'notice.acknowledged',
      values: () => ({ title: pick(alert.title) }),
    })
    if (done) countDown(alert.id)
  }

  function countDown(id: string): void {
    const until = screenClock.now() + UNDO_MS
    const look = (): void => {
      const left = Math.ceil((until - screenClock.now()) / 1000)
      if (left > 0) undoSeconds.set(id, left)
      else {
        undoSeconds.delete(id)
        cancel()
      }
    }
    const cancel = screenClock.every(250, look)
    look()
  }

  /** Takes an acknowledgement back that was made at this screen within the last 10 s. */
  async function undo(id: string): Promise<void> {
    if (!undoSeconds.has(id)) return
    const done = await command.run(id, () => hub.alertCommand(id, 'unacknowledge'), {
      key: 'notice.unacknowledged',
    })
    if (done) undoSeconds.delete(id)
  }

  const close = (): void => {
    open.value = null
  }
  const ask = (kind: AlertDialog, alert: Alert): void => {
    open.value = { kind, alert }
  }

  async function dispatch(alert: Alert, crew: string, instructions: string): Promise<void> {
    const done = await command.run(alert.id, () => hub.dispatch(alert.id, crew, instructions), {
      key: 'notice.dispatched',
      values: (answer) => ({ number: answer.workOrder.number }),
    })
    if (done) close()
  }

  async function shelve(alert: Alert, until: number, note: string): Promise<void> {
    const done = await command.run(alert.id, () => hub.shelve(alert.id, until, note), {
      key: 'notice.shelved',
    })
    if (done) close()
  }

  async function end(kind: 'clear' | 'reopen', alert: Alert, note: string): Promise<void> {
    const done = await command.run(alert.id, () => hub.alertCommand(alert.id, kind, note), {
      key: kind === 'clear' ? 'notice.cleared' : 'notice.reopened',
    })
    if (done) close()
  }

  return { open, undoSeconds, isBusy: command.isBusy, ask, close, acknowledge, undo, dispatch, shelve, end }
})
