import { usersTexts } from '../../../texts/users.ts'
import { Copy, LinkButton } from '../../../ui/action.tsx'
import { Head } from '../../../ui/head.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { Time } from '../../../ui/time.tsx'
import type { View } from '../../console/asked.ts'
import { SECTION } from './listing.ts'

const { passwordLink: texts } = usersTexts

/** A link to choose a password with, the only time that it is seen. */
export function passwordLinkView(link: {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly expires: string
}): View {
  const title = texts.title(link.name)
  return {
    title,
    section: SECTION,
    narrow: true,
    body: (
      <>
        <Head
          title={title}
          crumbs={[{ href: SECTION, label: usersTexts.title }]}
          about={texts.about}
        />
        <Panel>
          <Copy
            label={texts.label}
            value={link.url}
            hint={
              <>
                {texts.until} <Time at={link.expires} as="minute" />
              </>
            }
          />
          <LinkButton href={`${SECTION}/${link.id}`}>{texts.on}</LinkButton>
        </Panel>
      </>
    ),
  }
}
