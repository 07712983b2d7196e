/** The crew's commands on a work order; finishing asks for a note. */
import { ref } from 'vue'
import type { WorkOrder } from '../../../model/case.ts'
import { useHub } from '../shared/api/hub.ts'
import { useCommand } from '../shared/use-command.ts'
import { nextStep } from '../shared/work-orders.ts'

export function useOrderSteps() {
  const hub = useHub()
  const { run, isBusy } = useCommand()
  /** The order whose note dialog is open. */
  const finishing = ref<WorkOrder | null>(null)

  async function advance(order: WorkOrder): Promise<void> {
    const step = nextStep(order.state)
    if (step === null) return
    if (step === 'done') {
      finishing.value = order
      return
    }
    await run(order.id, () => hub.orderCommand(order.id, step), {
      key: step === 'accept' ? 'notice.accepted' : 'notice.arrived',
    })
  }

  async function finish(order: WorkOrder, note: string): Promise<void> {
    const done = await run(order.id, () => hub.orderCommand(order.id, 'done', note), { key: 'notice.done' })
    if (done) finishing.value = null
  }

  return { finishing, advance, finish, isBusy }
}
