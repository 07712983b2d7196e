import { beforeEach, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../../../model/clock.ts'
import { acknowledged, sampleAlert } from '../../../../tests/support/web-samples.ts'
import { type Acknowledgements, createAcknowledgements, UNDO_MS } from './acknowledgements.ts'

let clock: ManualClock
let sent: string[]
let answers: ((succeeded: boolean) => void)[]
let actions: Acknowledgements

const send = (command: string): Promise<boolean> => {
  sent.push(command)
  return new Promise((resolve) => answers.push(resolve))
}
beforeEach(() => {
  clock = manualClock(0)
  sent = []
  answers = []
  actions = createAcknowledgements(
    { acknowledge: ({ id }) => send(`acknowledge ${id}`), unacknowledge: (id) => send(`undo ${id}`) },
    clock,
  )
})

async function acknowledge(succeeded = true): Promise<void> {
  const done = actions.acknowledge(sampleAlert())
  answers.at(-1)?.(succeeded)
  await done
}

describe('acknowledgements', () => {
  test('can be undone for 10 s, with a countdown', async () => {
    await acknowledge()
    expect(actions.undoSeconds.get('a1')).toBe(10)
    clock.advance(9_250)
    expect(actions.undoSeconds.get('a1')).toBe(1)
    clock.advance(750)
    expect(actions.undoSeconds.has('a1')).toBe(false)
    await actions.undo('a1')
    expect(sent).toEqual(['acknowledge a1'])
    expect(UNDO_MS).toBe(10_000)
  })

  test('an undo waits for its acknowledgement', async () => {
    const done = actions.acknowledge(sampleAlert())
    const undone = actions.undo('a1')
    expect(sent).toEqual(['acknowledge a1'])
    answers[0]?.(true)
    await done
    await expect.poll(() => sent).toEqual(['acknowledge a1', 'undo a1'])
    answers[1]?.(true)
    await undone
    expect(actions.undoSeconds.has('a1')).toBe(false)
  })

  test('a failed acknowledgement cannot be undone', async () => {
    await acknowledge(false)
    await actions.undo('a1')
    expect(sent).toEqual(['acknowledge a1'])
  })

  test('a failed undo can be repeated', async () => {
    await acknowledge()
    const first = actions.undo('a1')
    await expect.poll(() => answers.length).toBe(2)
    answers[1]?.(false)
    await first
    expect(actions.undoSeconds.get('a1')).toBe(10)
  })

  test('sends nothing for an alert that is acknowledged already', async () => {
    await actions.acknowledge(sampleAlert(acknowledged))
    expect(sent).toEqual([])
  })
})
