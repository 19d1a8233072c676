import { mailTexts as texts } from '../../../texts/mails.ts'
import { FormEnd, LinkButton, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Field, TextArea } from '../../../ui/field.tsx'
import { Head } from '../../../ui/head.tsx'
import { Note } from '../../../ui/note.tsx'
import { Badge, Panel } from '../../../ui/panel.tsx'
import { action, page, type Asked, type Page, type View } from '../../console/asked.ts'
import { attempt, type Faults } from '../../console/attempt.ts'
import {
  changeMailTemplate,
  listMailTemplates,
  resetMailTemplate,
  testMail,
} from '../../mail-templates.ts'
import { Problem } from '../../problems.ts'
import { previewDocument } from './preview.ts'
import { kinds, MailHead, SECTION, wordsOf, type Kind } from './tabs.tsx'

const FRAME = 'preview'

const { words } = texts

type Template = Awaited<ReturnType<typeof listMailTemplates.call>>['items'][number]

interface Draft {
  readonly subject: string
  readonly body: string
}

function kindOf({ id }: Asked): Kind {
  const kind = kinds.find((each) => each === id)
  if (kind) return kind
  throw new Problem('notFound', texts.noMatch)
}

async function templateOf(asked: Asked): Promise<{ template: Template; configured: boolean }> {
  const kind = kindOf(asked)
  const { items, configured } = await listMailTemplates.call(asked)
  const template = items.find(({ id }) => id === kind)
  if (template) return { template, configured }
  throw new Problem('notFound', texts.noMatch)
}

const draftOf = ({ sent }: Asked): Draft => ({
  subject: sent.text('subject'),
  body: sent.text('body'),
})

function Places({ template }: { readonly template: Template }) {
  return (
    <details class="fold-away">
      <summary>{words.places}</summary>
      <p class="soft">{words.placesText}</p>
      <dl class="facts">
        {template.placeholders.map(({ name, about, required }) => (
          <>
            <dt>
              <code>{`{${name}}`}</code>
            </dt>
            <dd>
              {about} {required ? <Badge kind="info">{words.required}</Badge> : null}
            </dd>
          </>
        ))}
      </dl>
    </details>
  )
}

function Form(props: {
  readonly template: Template
  readonly kind: Kind
  readonly draft: Draft
  readonly configured: boolean
  readonly faults: Faults['fields']
}) {
  const { template, kind, draft, configured, faults } = props
  return (
    <form method="post" action={at(wordsOf(kind))}>
      <Field
        name="subject"
        label={words.subject}
        value={draft.subject}
        fault={faults['subject'] ?? faults['draft/subject']}
      />
      <TextArea
        name="body"
        label={words.body}
        value={draft.body}
        rows={20}
        hint={
          <>
            {words.bodyHint.before} <span class="whole">{words.bodyHint.line}</span>{' '}
            {words.bodyHint.after}
          </>
        }
        fault={faults['body'] ?? faults['draft/body']}
      />
      <Places template={template} />
      <div class="actions">
        <Submit>{words.save}</Submit>
        <button
          type="submit"
          class="quiet without-script"
          formaction={at(`${wordsOf(kind)}/preview`)}
          formtarget={FRAME}
          formnovalidate
          data-typed
        >
          {words.preview}
        </button>
        {configured ? (
          <Submit look="quiet" name="do" value="test">
            {words.test}
          </Submit>
        ) : null}
        {template.builtIn ? null : (
          <LinkButton href={`${wordsOf(kind)}/reset`} look="bare" icon="rotate-ccw" dialog>
            {words.reset}
          </LinkButton>
        )}
      </div>
    </form>
  )
}

/** The page of a kind, with what is in force or a draft of it. */
async function wordsView(
  asked: Asked,
  {
    draft,
    faults,
    note,
  }: { draft?: Draft; faults?: Faults; note?: { bad: boolean; text: string } } = {},
): Promise<View> {
  const kind = kindOf(asked)
  const { template, configured } = await templateOf(asked)
  return {
    title: texts.kinds[kind],
    section: SECTION,
    frames: true,
    ...(faults ? { status: 400 } : {}),
    body: (
      <>
        <MailHead current={wordsOf(kind)} about={words.about[kind]} />
        {note === undefined ? null : <Note kind={note.bad ? 'bad' : 'good'}>{note.text}</Note>}
        {faults && Object.keys(faults.fields).length === 0 ? (
          <Note kind="bad">{faults.text}</Note>
        ) : null}
        <div class="columns">
          <Panel
            title={texts.kinds[kind]}
            actions={<Badge>{template.builtIn ? words.builtIn : words.own}</Badge>}
          >
            <Form
              template={template}
              kind={kind}
              draft={draft ?? template}
              configured={configured}
              faults={faults?.fields ?? {}}
            />
          </Panel>
          <Panel
            bare
            title={words.previewTitle}
            about={
              <>
                <span class="with-script">{words.previewAbout}</span>
                <span class="without-script">{words.previewWithout}</span>
              </>
            }
          >
            <iframe
              class="mail"
              name={FRAME}
              title={words.frame}
              src={at(`${wordsOf(kind)}/preview`)}
              sandbox="allow-same-origin"
            />
          </Panel>
        </div>
      </>
    ),
  }
}

/** Sends a draft to whoever asks, and shows it again with what came of it. */
async function tryDraft(asked: Asked, draft: Draft): Promise<View> {
  const tried = await attempt(() => testMail.call(asked, { id: asked.id, body: { draft } }))
  if ('faults' in tried) return wordsView(asked, { draft, faults: tried.faults })
  const { to, taken, answer } = tried.made
  const { tested, refused } = texts.done
  const note = { bad: !taken, text: taken ? tested(to) : refused(to, answer) }
  return wordsView(asked, { draft, note })
}

/** How mails are worded. */
export const wordsPages: readonly Page[] = [
  page('/mails/words/{id}', (asked) => wordsView(asked)),

  action('/mails/words/{id}', async (asked) => {
    const kind = kindOf(asked)
    const draft = draftOf(asked)
    if (asked.sent.text('do') === 'test') return tryDraft(asked, draft)
    const saved = await attempt(() => changeMailTemplate.call(asked, { id: kind, body: draft }))
    if ('faults' in saved) return wordsView(asked, { draft, faults: saved.faults })
    return { to: wordsOf(kind), done: { text: texts.done.saved } }
  }),

  page('/mails/words/{id}/preview', (asked) => previewDocument(asked)),

  action('/mails/words/{id}/preview', (asked) => previewDocument(asked, draftOf(asked))),

  page('/mails/words/{id}/reset', async (asked) => {
    const kind = kindOf(asked)
    const { title, text, button } = words.confirm
    return {
      title: title(texts.kinds[kind]),
      section: SECTION,
      narrow: true,
      body: (
        <div data-dialog-body>
          <Head title={title(texts.kinds[kind])} about={text} />
          <form method="post" action={at(`${wordsOf(kind)}/reset`)}>
            <FormEnd back={wordsOf(kind)}>
              <Submit look="danger">{button}</Submit>
            </FormEnd>
          </form>
        </div>
      ),
    }
  }),

  action('/mails/words/{id}/reset', async (asked) => {
    const kind = kindOf(asked)
    await resetMailTemplate.call(asked, { id: kind })
    return { to: wordsOf(kind), done: { text: texts.done.reset } }
  }),
]
