import { expect, test } from 'vitest'
import { DeviceStore, MAX_WAITING_COMMANDS } from './device-store.ts'

const command = 'community/garden/bin/bin-1/cmd'
const setUp = () => new DeviceStore({ commandTopic: (id) => (id === 'bin-1' ? command : undefined) })
const client = { id: 'bin-1' }

test('keeps only the subscription to the own commands', async () => {
  const store = setUp()
  await store.addSubscriptions(client, [
    { topic: '#', qos: 1 },
    { topic: command, qos: 1 },
    { topic: 'community/garden/bin/bin-2/cmd', qos: 1 },
  ])
  await store.addSubscriptions({ id: 'bin-2' }, [{ topic: '#', qos: 1 }])
  expect((await store.subscriptionsByTopic(command)).map(({ topic }) => topic)).toEqual([command])
  expect(await store.subscriptionsByTopic('community/garden/bin/bin-2/cmd')).toEqual([])
  expect(await store.subscriptionsByTopic('community/garden/bin/bin-1/telemetry')).toEqual([])
})

test('bounds unconfirmed commands and accepts more after confirmation', async () => {
  const store = setUp()
  await store.addSubscriptions(client, [{ topic: command, qos: 1 }])
  const listeners = await store.subscriptionsByTopic(command)
  const packet = (n: number) => ({
    topic: command,
    brokerId: 'hub',
    brokerCounter: n,
    messageId: n,
    payload: 'x',
    qos: 1,
  })
  const kept = async () => (await store.outgoingStream(client).toArray()).length
  for (let n = 1; n <= MAX_WAITING_COMMANDS + 20; n++) await store.outgoingEnqueueCombi(listeners, packet(n))
  expect(await kept()).toBe(MAX_WAITING_COMMANDS)
  for (let n = 1; n <= 10; n++) {
    await store.outgoingUpdate(client, packet(n))
    await store.outgoingClearMessageId(client, packet(n))
  }
  for (let n = 201; n <= 230; n++) await store.outgoingEnqueueCombi(listeners, packet(n))
  expect(await kept()).toBe(MAX_WAITING_COMMANDS)
})
