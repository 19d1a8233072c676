import type { Administrator } from './administrator.ts'
import { checkedLine, type Line } from './demo-line.ts'
import { type LocalUser, passwordHolders, type Pile } from './demo-locals.ts'
import { newVisitor } from './demo-visitor.ts'
import { isFinished, planImport, whenImport } from './entrance-import.ts'

type Suggested = {
  readonly user: { readonly id: string }
  readonly pile: Pile
  readonly suggestions: readonly { readonly person: { readonly id: string } }[]
}

const PILES = ['exact', 'possible', 'none'] as const
const IN = 303
const REFUSED = 401

/** Everybody who is not linked, and who that may be. */
async function suggestions(admin: Administrator): Promise<Suggested[]> {
  const all: Suggested[] = []
  for (let after = ''; ; ) {
    type Page = { readonly items: readonly Suggested[]; readonly next?: string }
    const { items, next } = await admin.get<Page>(`/link-suggestions?limit=50${after}`)
    all.push(...items)
    if (next === undefined) return all
    after = `&after=${next}`
  }
}

/** Says who the local users may be at Entra. */
async function showSuggestions(
  admin: Administrator,
  locals: readonly LocalUser[],
): Promise<{ exact: Record<string, string>; line: Line }> {
  const byId = new Map((await suggestions(admin)).map((each) => [each.user.id, each]))
  const found = locals.flatMap(({ id }) => byId.get(id) ?? [])
  const inPile = (pile: Pile) => found.filter((each) => each.pile === pile)
  const counts = PILES.map((pile) => `${inPile(pile).length} ${pile}`)
  const first = ({ suggestions: [best], pile }: Suggested) => [pile, best?.person.id]
  const withPassword = locals.filter(({ password }) => password !== undefined).length
  const pairs = inPile('exact').map(({ user, suggestions: [best] }) => [best?.person.id, user.id])
  return {
    exact: Object.fromEntries(pairs) as Record<string, string>,
    line: checkedLine(
      `Local users: ${found.length} were here before, ${withPassword} of them with a password. Suggested accounts: ${counts.join(', ')}.`,
      [
        ['local users', found.length, locals.length],
        [
          'piles and accounts',
          found.map(first),
          locals.map(({ pile, objectId }) => [pile, objectId]),
        ],
      ],
    ),
  }
}

/** Links the local users who are certainly an account of Entra as an administrator does, and says what came of it. */
export async function showLinks(
  admin: Administrator,
  { origin, folder }: { readonly origin: string; readonly folder: string },
  locals: readonly LocalUser[],
): Promise<Line[]> {
  const { exact, line } = await showSuggestions(admin, locals)
  const same = locals.filter(({ pile }) => pile === 'exact')
  const names = same.map(({ userName }) => userName)
  const { userName = '', password = '' } = same.find((each) => each.password !== undefined) ?? {}
  const before = await passwordHolders(folder, names)
  const visitor = newVisitor(origin)
  const gotIn = await visitor.withPassword(userName, password)
  const wasIn = await visitor.inBrowser()

  const { plan } = await planImport(admin, Object.keys(exact), {
    groups: [],
    invite: { when: 'never' },
    links: exact,
  })
  await admin.post(`/imports/${plan.id}/start`)
  const { actions, states } = await whenImport(admin, plan, isFinished)

  const after = await passwordHolders(folder, names)
  const isIn = await visitor.inBrowser()
  const again = await visitor.withPassword(userName, password)
  const withEntra = await visitor.withEntra(userName)
  const inAgain = await visitor.inBrowser()
  return [
    line,
    checkedLine(
      `Linked: ${states.done} users in one import. ${before.length} of them had a password, ${after.length} have one now: ${userName}, who was signed in with it, is out, is refused with it, and gets in through Entra.`,
      [
        ['people to link', actions.link, same.length],
        ['people linked', states.done, same.length],
        ['who had a password', before, namesWithPassword(same)],
        ['who has a password', after, []],
        ['sign-in with the password before', [gotIn, wasIn], [IN, 200]],
        ['session after', isIn, REFUSED],
        ['sign-in with the password after', again, REFUSED],
        ['sign-in with Entra after', [withEntra, inAgain], [IN, 200]],
      ],
    ),
  ]
}

function namesWithPassword(users: readonly LocalUser[]): string[] {
  return users.flatMap(({ userName, password }) => (password === undefined ? [] : [userName]))
}
