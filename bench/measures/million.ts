/** A million messages through the hub: each exactly once in the journal and in the history. */
import { fleet } from '../fleet.ts'
import { checkJournal, makeTemplate, openHub } from '../hub-process.ts'
import { spawnLoad } from '../load.ts'
import { FIRST_SEQ } from '../load-connection.ts'
import { type Measure, rounded } from '../measure.ts'

const MESSAGES = 1_000_000
const CONNECTIONS = 100
const WINDOW = 32

export const million: Measure = {
  name: 'million',
  title: 'a million messages without loss',
  async run({ quick }) {
    if (quick) return { tables: [], goals: [], skipped: ['a million messages: not in a short run'] }
    const devices = fleet(CONNECTIONS)
    const template = await makeTemplate(devices)
    const hub = await openHub(template)
    try {
      const result = await spawnLoad({ port: hub.port, devices, window: WINDOW, messages: MESSAGES })
      await hub.historyCaughtUp()
      const inHistory = await hub.metric('linli_history_stored_total')
      const { peak } = hub.memory()
      await hub.stop()
      const expected = devices.map(({ id }) => ({ device: id, firstSeq: FIRST_SEQ, share: result.share }))
      const check = checkJournal(hub.journalPath, expected)
      const row = [result.acknowledged, check.found, check.missing, check.duplicates, inHistory]
      return {
        tables: [
          {
            title: 'A million messages (window 32 x 100)',
            columns: [
              'acknowledged',
              'in the journal',
              'missing',
              'duplicates',
              'in the history',
              'messages/s',
              'peak RSS MiB',
            ],
            rows: [[...row, rounded(result.perSecond), rounded(peak)]],
          },
        ],
        goals: [
          {
            name: 'acknowledged messages lost or duplicated of a million',
            value: result.acknowledged - check.found + check.duplicates,
            unit: 'messages',
            bound: { atMost: 0 },
          },
        ],
        skipped: [],
      }
    } finally {
      await hub.stop()
      hub.remove()
      template.remove()
    }
  },
}
