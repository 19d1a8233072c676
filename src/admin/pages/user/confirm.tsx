import type { Child } from 'hono/jsx'
import { common } from '../../../texts/common.ts'
import { usersTexts } from '../../../texts/users.ts'
import { Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import type { Asked, View } from '../../console/asked.ts'
import { listSessions } from '../../users.ts'
import { SECTION } from '../users/listing.ts'
import { nameOf, pathOf, type Person } from './frame.tsx'

/** A page that says what will happen, and asks; without a button where it only says why not. */
export function confirmView(
  person: Person,
  words: {
    readonly title: string
    readonly about: string
    readonly more?: Child
    readonly button?: string
    readonly to: string
  },
): View {
  const { title, about, more, button } = words
  const to: `/${string}` = `${pathOf(person)}/${words.to}`
  return {
    title,
    section: SECTION,
    narrow: true,
    body: (
      <div data-dialog-body>
        <Head
          title={title}
          crumbs={[
            { href: SECTION, label: usersTexts.title },
            { href: pathOf(person), label: nameOf(person) },
          ]}
          about={about}
        />
        <form method="post" action={at(to)}>
          {more}
          <div class="actions end">
            <a class="button quiet" href={at(pathOf(person))} data-close>
              {button === undefined ? common.close : common.cancel}
            </a>
            {button === undefined ? null : <Submit look="danger">{button}</Submit>}
          </div>
        </form>
      </div>
    ),
  }
}

/** In how many places a user is signed in. */
export async function sessionCount(asked: Asked): Promise<number> {
  return (await listSessions.call(asked, { id: asked.id })).items.length
}
