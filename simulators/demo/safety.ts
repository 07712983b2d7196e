/** Safety sensors in the homes of the demo community: smoke, gas, water, health. */
import type { DemoDevice, DemoGrid } from './grid.ts'

interface SensorKind {
  readonly type: string
  /** One in every n homes. */
  readonly everyHomes: number
  readonly room: string
  readonly place: { readonly zh: string; readonly en: string }
}

const sensorKinds: readonly SensorKind[] = [
  { type: 'smoke', everyHomes: 3, room: 'hall', place: { zh: '门厅顶', en: 'hall ceiling' } },
  { type: 'gas', everyHomes: 4, room: 'kitchen', place: { zh: '厨房', en: 'kitchen' } },
  { type: 'waterleak', everyHomes: 6, room: 'kitchen', place: { zh: '水槽下', en: 'under the sink' } },
  { type: 'watermeter', everyHomes: 6, room: 'kitchen', place: { zh: '进水管', en: 'inlet' } },
  { type: 'kiosk', everyHomes: 6, room: 'living room', place: { zh: '客厅', en: 'living room' } },
]

/** The safety sensors of a grid. */
export function safetySensors(grid: DemoGrid): DemoDevice[] {
  const { latitude, longitude } = grid
  return grid.homes.flatMap(({ id, building, room }, index) =>
    sensorKinds
      .filter(({ everyHomes }) => index % everyHomes === 0)
      .map((one) => ({
        id: `${grid.site}-${one.type}-${room}`,
        type: one.type,
        site: grid.site,
        grid: grid.id,
        building,
        home: id,
        place: one.place,
        latitude,
        longitude,
        meta: { room: one.room },
      })),
  )
}
