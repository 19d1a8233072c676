import { mailTexts as texts } from '../../../texts/mails.ts'
import { FormEnd, LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Live } from '../../../ui/progress.tsx'
import { cancelMail, sendMail, sendMails } from '../../mails.ts'
import { action, page, type Asked, type Page } from '../../console/asked.ts'
import { live } from '../../console/live.ts'
import { Problem } from '../../problems.ts'
import { hereOf, List, listingOf, nameOf, STREAM, type Mail } from './list.tsx'
import { MailHead, SECTION } from './tabs.tsx'

const AGAIN_SECONDS = 5

const Settings = () => <a href={at('/admin/settings')}>{texts.seeSettings}</a>

async function requireMail(asked: Asked): Promise<{ mail: Mail; name: string }> {
  const { directory, id } = asked
  const mail = await directory.outbox.read(id)
  if (!mail) throw new Problem('notFound', texts.noMatch)
  return { mail, name: nameOf(mail, await directory.names.of([mail.userId])) }
}

const bulkOf = (text: string) => (['kept', 'failed'] as const).find((state) => state === text)

/** Mails to users, and what became of them. */
export const outboxPages: readonly Page[] = [
  page('/mails', async (asked) => {
    const listing = await listingOf(asked)
    const { open, going } = listing
    const here = hereOf(asked)
    const stream = asked.here({}).replace(SECTION, STREAM) as `/${string}`
    const list = <List listing={listing} here={here} />
    return {
      title: texts.title,
      section: SECTION,
      ...(going ? { refresh: AGAIN_SECONDS } : {}),
      body: (
        <>
          <MailHead
            current={SECTION}
            about={texts.about}
            actions={
              <>
                {open.failed > 0 ? (
                  <LinkButton href={`${SECTION}/send?state=failed`} icon="rotate-ccw" dialog>
                    {texts.retryFailed(open.failed)}
                  </LinkButton>
                ) : null}
                {open.kept > 0 ? (
                  <LinkButton href={`${SECTION}/send?state=kept`} look="main" icon="mail" dialog>
                    {texts.sendKept(open.kept)}
                  </LinkButton>
                ) : null}
              </>
            }
          />
          {asked.mails.configured ? null : (
            <Note kind="warn">
              {texts.noServer} <Settings />
            </Note>
          )}
          {going ? <Live from={stream}>{list}</Live> : list}
        </>
      ),
    }
  }),

  live('/mails/going', async (asked) => {
    const listing = await listingOf(asked)
    const part = <List listing={listing} here={hereOf(asked)} />
    // What was said of them on the page is still to be read.
    return { part, goesOn: listing.going, stays: true }
  }),

  page('/mails/send', async (asked) => {
    const state = bulkOf(asked.query('state')) ?? 'kept'
    const { [state]: count } = await asked.directory.outbox.open()
    const { title, text } = texts.all[state]
    const heading = count === 0 ? texts.all.nothing : title(count)
    return {
      title: heading,
      section: SECTION,
      narrow: true,
      body: (
        <div data-dialog-body>
          <Head title={heading} {...(count === 0 ? {} : { about: text })} />
          <form method="post" action={at(`${SECTION}/send`)}>
            <input type="hidden" name="state" value={state} />
            <FormEnd back={SECTION}>
              {count === 0 ? null : <Submit>{texts.all.button}</Submit>}
            </FormEnd>
          </form>
        </div>
      ),
    }
  }),

  action('/mails/send', async (asked) => {
    const state = bulkOf(asked.sent.text('state')) ?? 'kept'
    const { count } = await sendMails.call(asked, { body: { state } })
    return { to: SECTION, done: { text: texts.done.all(count) } }
  }),

  action('/mails/{id}/send', async (asked) => {
    const { name } = await requireMail(asked)
    await sendMail.call(asked, { id: asked.id })
    const { sent, waits } = texts.done
    return { to: SECTION, done: { text: asked.mails.configured ? sent(name) : waits(name) } }
  }),

  page('/mails/{id}/cancel', async (asked) => {
    const { mail, name } = await requireMail(asked)
    return {
      title: texts.stop.title(name),
      section: SECTION,
      narrow: true,
      body: (
        <div data-dialog-body>
          <Head title={texts.stop.title(name)} about={texts.stop.text} />
          <form method="post" action={at(`${SECTION}/${mail.id}/cancel`)}>
            <FormEnd back={SECTION} stay={texts.stop.keep}>
              <Submit look="danger">{texts.stop.button}</Submit>
            </FormEnd>
          </form>
        </div>
      ),
    }
  }),

  action('/mails/{id}/cancel', async (asked) => {
    const { name } = await requireMail(asked)
    await cancelMail.call(asked, { id: asked.id })
    return { to: SECTION, done: { text: texts.done.stopped(name) } }
  }),
]
