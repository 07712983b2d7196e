/** Staff of the community file become users, who can sign in once they have a password. */
import type { CommunityFile } from '../model/community-file.ts'
import type { Records } from '../model/ports/records.ts'
import type { User } from '../model/user.ts'

/**
 * Updates the stored users from the file: new staff are added without a password, name and role follow the file,
 * passwords are kept. Users created by `user add` alone are not changed. Returns the logins whose rights changed.
 */
export async function saveStaff(
  records: Pick<Records, 'transaction'>,
  file: CommunityFile,
): Promise<string[]> {
  return records.transaction(async (tx) => {
    const changed: string[] = []
    for (const member of file.staff) {
      const known = await tx.users.get(member.login)
      const user: User = {
        login: member.login,
        name: member.name,
        role: member.role,
        crew: member.crew ?? null,
        grid: member.grid ?? null,
        passwordHash: known?.passwordHash ?? null,
        disabled: known?.disabled ?? false,
      }
      if (known && !sameRights(known, user)) changed.push(user.login)
      if (!known || JSON.stringify(known) !== JSON.stringify(user)) await tx.users.put(user)
    }
    return changed
  })
}

function sameRights(a: User, b: User): boolean {
  return a.role === b.role && a.crew === b.crew && a.grid === b.grid
}
