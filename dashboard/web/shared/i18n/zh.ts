/** Chinese texts of the web apps; their keys define which texts exist. */
import { alerts } from './zh/alerts.ts'
import { cases } from './zh/cases.ts'
import { devices } from './zh/devices.ts'
import { frame } from './zh/frame.ts'
import { rules } from './zh/rules.ts'

export const zh = { ...frame, ...alerts, ...cases, ...devices, ...rules }
