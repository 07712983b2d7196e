/** Members of a subject, selected by expressions about facts (meta, home). Pure. */
import type { Evaluate } from '../../expression/scope.ts'
import type { Sample, Subject } from '../condition.ts'

/** The selector of an option such as `watch`; undefined selects every member. */
type Selector = Evaluate<boolean> | undefined

export const isSelected = (selector: Selector, subject: Subject, member: number): boolean =>
  !selector || selector(subject.scope(member)) === true

export const hasSelected = (selector: Selector, subject: Subject): boolean =>
  subject.members.some((_, member) => isSelected(selector, subject, member))

export const selectedMembers = (selector: Selector, subject: Subject): Subject['members'] =>
  subject.members.filter((_, member) => isSelected(selector, subject, member))

/** Device id of the sample's member. */
export const deviceOf = ({ subject, member }: Sample): string => subject.members[member]?.device.id ?? ''
