/** `/crews`, `/sites` and `/staff`: names and choices for the screens. */
import { z } from 'zod'
import type { Directory } from '../../../../model/ports/directory.ts'
import type { Records } from '../../../../model/ports/records.ts'
import type { ApiApp } from '../api-app.ts'
import { apiErrorSchema, crewSchema, sitesSchema, staffSchema } from '../schemas.ts'

const tag = 'places'

export interface PlaceRouteDeps {
  readonly directory: () => Directory
  readonly records: Pick<Records, 'users'>
}

export function addPlaceRoutes(app: ApiApp, deps: PlaceRouteDeps): void {
  app.get(
    '/crews',
    {
      config: { access: 'device.read' },
      schema: {
        tags: [tag],
        summary: 'Crews that can be assigned',
        response: { 200: z.array(crewSchema).readonly(), '4xx': apiErrorSchema },
      },
    },
    async () => deps.directory().crews(),
  )
  app.get(
    '/sites',
    {
      config: { access: 'device.read' },
      schema: {
        tags: [tag],
        summary: 'Sites and their grids',
        response: { 200: sitesSchema, '4xx': apiErrorSchema },
      },
    },
    async () => ({ sites: deps.directory().sites(), grids: deps.directory().grids() }),
  )
  app.get(
    '/staff',
    {
      config: { access: 'device.read' },
      schema: {
        tags: [tag],
        summary: 'Names of all logins, disabled ones included',
        response: { 200: z.array(staffSchema).readonly(), '4xx': apiErrorSchema },
      },
    },
    async () => (await deps.records.users.list()).map(({ login, name, role }) => ({ login, name, role })),
  )
}
