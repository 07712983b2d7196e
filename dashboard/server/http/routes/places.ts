/** `/crews`, `/sites` and `/staff`: names and choices for the screens. */
import { z } from 'zod'
import type { Directory } from '../../../../model/ports/directory.ts'
import type { Records } from '../../../../model/ports/records.ts'
import { type ApiApp, addQuery } from '../route-table.ts'
import { crewSchema, sitesSchema, staffSchema } from '../schemas.ts'

const tag = 'places'

export interface PlaceRouteDeps {
  readonly directory: () => Directory
  readonly records: Pick<Records, 'users'>
}

export function addPlaceRoutes(app: ApiApp, deps: PlaceRouteDeps): void {
  addQuery(app, {
    tag,
    url: '/crews',
    summary: 'Crews that can be assigned',
    access: 'device.read',
    response: z.array(crewSchema).readonly(),
    run: async () => deps.directory().crews(),
  })
  addQuery(app, {
    tag,
    url: '/sites',
    summary: 'Sites and their grids',
    access: 'device.read',
    response: sitesSchema,
    run: async () => ({ sites: deps.directory().sites(), grids: deps.directory().grids() }),
  })
  addQuery(app, {
    tag,
    url: '/staff',
    summary: 'Names of all logins, disabled ones included',
    access: 'device.read',
    response: z.array(staffSchema).readonly(),
    run: async () =>
      (await deps.records.users.list()).map(({ login, name, role }) => ({ login, name, role })),
  })
}
