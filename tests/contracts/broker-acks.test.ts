/**
 * Acknowledged means stored (DESIGN 6.1). Aedes does not document that `authorizePublish` holds the acknowledgement
 * back, so every upgrade of it must pass this.
 */
import { generate } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import { eventually, startBroker, topicOf } from '../support/broker.ts'
import { publishPacket, rawDevice } from '../support/raw-mqtt.ts'

const acksOf = (client: { received: readonly { cmd: string; messageId?: number }[] }, cmd = 'puback') =>
  client.received.filter((packet) => packet.cmd === cmd).map((packet) => packet.messageId)

describe.each([
  { qos: 1, ack: 'puback' },
  { qos: 2, ack: 'pubrec' },
] as const)('QoS $qos', ({ qos, ack }) => {
  test('is acknowledged when stored, not before', async () => {
    const hub = await startBroker()
    hub.hold()
    const device = await rawDevice(hub.port, 'bin-1')
    device.write(publishPacket(topicOf('bin-1'), 7, { qos }))
    device.write({ cmd: 'pingreq' })
    // The answer to the ping is proof that an acknowledgement would have been here by now.
    await device.next('pingresp')
    await eventually('delivered', () => hub.pending.length === 1)
    expect(acksOf(device, ack)).toEqual([])
    hub.pending[0]?.store()
    expect(await device.next(ack)).toMatchObject({ messageId: 7 })
  })

  test('what could not be stored is not acknowledged, and the retransmission is taken', async () => {
    const hub = await startBroker()
    hub.hold()
    const device = await rawDevice(hub.port, 'bin-1', { clean: false })
    device.write(publishPacket(topicOf('bin-1'), 7, { qos }))
    await eventually('delivered', () => hub.pending.length === 1)
    hub.pending[0]?.fail()
    await device.closedByHub()
    expect(acksOf(device, ack)).toEqual([])
    expect(hub.counts.get('refused_messages not-stored')).toBe(1)

    const again = await rawDevice(hub.port, 'bin-1', { clean: false })
    again.write(publishPacket(topicOf('bin-1'), 7, { qos, dup: true }))
    await eventually('delivered again', () => hub.pending.length === 2)
    hub.pending[1]?.store()
    expect(await again.next(ack)).toMatchObject({ messageId: 7 })
  })

  test('a connection lost while storing: delivered all the same, and the retransmission is acknowledged', async () => {
    const hub = await startBroker()
    hub.hold()
    const device = await rawDevice(hub.port, 'bin-1', { clean: false })
    device.write(publishPacket(topicOf('bin-1'), 7, { qos }))
    await eventually('delivered', () => hub.pending.length === 1)
    device.destroy()
    await eventually('gone', () => hub.broker.connections() === 0)
    hub.pending[0]?.store()

    const again = await rawDevice(hub.port, 'bin-1', { clean: false })
    again.write(publishPacket(topicOf('bin-1'), 7, { qos, dup: true }))
    await eventually('delivered again', () => hub.pending.length === 2)
    hub.pending[1]?.store()
    expect(await again.next(ack)).toMatchObject({ messageId: 7 })
  })

  test('acknowledgements leave in the order of the messages, whatever is stored first', async () => {
    const hub = await startBroker()
    hub.hold()
    const device = await rawDevice(hub.port, 'bin-1')
    for (const id of [1, 2, 3]) device.write(publishPacket(topicOf('bin-1'), id, { qos }))
    await eventually('delivered', () => hub.pending.length === 3)
    hub.pending[2]?.store()
    hub.pending[1]?.store()
    // A round trip of another device: an acknowledgement would have been here by now.
    const other = await rawDevice(hub.port, 'bin-2')
    other.write({ cmd: 'pingreq' })
    await other.next('pingresp')
    expect(acksOf(device, ack)).toEqual([])
    hub.pending[0]?.store()
    await eventually('acknowledged', () => acksOf(device, ack).length === 3)
    expect(acksOf(device, ack)).toEqual([1, 2, 3])
  })

  test('after a failure nothing behind it is acknowledged, what was before it is', async () => {
    const hub = await startBroker()
    hub.hold()
    const device = await rawDevice(hub.port, 'bin-1')
    for (const id of [1, 2, 3]) device.write(publishPacket(topicOf('bin-1'), id, { qos }))
    await eventually('delivered', () => hub.pending.length === 3)
    hub.pending[2]?.store()
    hub.pending[0]?.store()
    await device.next(ack)
    hub.pending[1]?.fail()
    await device.closedByHub()
    expect(acksOf(device, ack)).toEqual([1])
  })

  test('500 pipelined messages: never more than the window at once, all acknowledged in order', async () => {
    let underWay = 0
    let most = 0
    const hub = await startBroker(
      { maxInFlight: 20 },
      {
        deliver(_, receipt) {
          underWay++
          most = Math.max(most, underWay)
          setImmediate(() => {
            underWay--
            receipt.stored()
          })
        },
      },
    )
    const device = await rawDevice(hub.port, 'bin-1')
    device.socket.setNoDelay(true)
    for (let id = 1; id <= 500; id++) device.write(publishPacket(topicOf('bin-1'), id, { qos }))
    await eventually('acknowledged', () => acksOf(device, ack).length === 500)
    expect(acksOf(device, ack)).toEqual(Array.from({ length: 500 }, (_, n) => n + 1))
    expect(most).toBeLessThanOrEqual(20)
    expect(most).toBeGreaterThan(5)
  })
})

test('QoS 2 goes through its whole handshake, and again with the same id', async () => {
  const hub = await startBroker()
  const device = await rawDevice(hub.port, 'bin-1')
  for (let round = 0; round < 2; round++) {
    device.write(publishPacket(topicOf('bin-1'), 9, { qos: 2, payload: `{"round":${round}}` }))
    await device.next('pubrec')
    device.write({ cmd: 'pubrel', messageId: 9 })
    await device.next('pubcomp')
  }
  expect(hub.delivered.map(({ payload }) => payload.toString())).toEqual(['{"round":0}', '{"round":1}'])
})

test('QoS 0, 1 and 2 mixed: handed over in the order sent, QoS 1 acknowledged in that order', async () => {
  const hub = await startBroker()
  hub.hold()
  const device = await rawDevice(hub.port, 'bin-1')
  const sent = ([1, 0, 1, 2, 1, 0, 2, 1] as const).map((qos, n) =>
    publishPacket(topicOf('bin-1'), n + 1, { qos, payload: String(n) }),
  )
  device.write(Buffer.concat(sent.map((packet) => generate(packet))))
  await eventually('delivered', () => hub.pending.length === sent.length)
  expect(hub.delivered.map(({ payload }) => payload.toString())).toEqual(sent.map((_, n) => String(n)))
  for (const { store } of hub.pending.toReversed()) store()
  await eventually('acknowledged', () => acksOf(device).length === 4 && acksOf(device, 'pubrec').length === 2)
  expect(acksOf(device)).toEqual([1, 3, 5, 8])
  expect(acksOf(device, 'pubrec')).toEqual([4, 7])
})

test('QoS 0 is delivered too', async () => {
  const hub = await startBroker()
  const device = await rawDevice(hub.port, 'bin-1')
  device.write(publishPacket(topicOf('bin-1'), 1, { qos: 0, payload: 'x' }))
  await eventually('delivered', () => hub.delivered.length === 1)
  expect(hub.delivered[0]).toMatchObject({ device: 'bin-1', topic: topicOf('bin-1'), qos: 0, retain: false })
})

test('a deliver that throws instead of failing costs the connection, not the process', async () => {
  const hub = await startBroker(
    {},
    {
      deliver: () => {
        throw new Error('a bug')
      },
    },
  )
  const device = await rawDevice(hub.port, 'bin-1')
  device.write(publishPacket(topicOf('bin-1'), 1))
  await device.closedByHub()
  expect(acksOf(device)).toEqual([])
  await rawDevice(hub.port, 'bin-2')
})

test('stopping: what is under way is answered, nothing new is taken', async () => {
  const hub = await startBroker()
  hub.hold()
  const device = await rawDevice(hub.port, 'bin-1')
  device.write(publishPacket(topicOf('bin-1'), 1))
  await eventually('delivered', () => hub.pending.length === 1)
  const stopped = hub.broker.stop()
  device.write(publishPacket(topicOf('bin-1'), 2))
  setImmediate(() => hub.pending[0]?.store())
  await stopped
  await device.closedByHub()
  expect(acksOf(device)).toEqual([1])
  expect(hub.delivered).toHaveLength(1)
})
