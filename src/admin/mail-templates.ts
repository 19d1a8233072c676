import { z } from 'zod'
import { mailAddress } from '../directory/mail-address.ts'
import type { MailKind } from '../directory/outbox.ts'
import type { MailTemplate } from '../directory/settings.ts'
import type { User } from '../directory/user.ts'
import { badBody, badPlaces, id as userId, text } from './input.ts'
import { mailKind, mailTemplate, writtenMail } from './mail-schemas.ts'
import { Problem } from './problems.ts'
import { route, type Caller, type Route } from './route.ts'

const LONGEST_SUBJECT = 200
const LONGEST_BODY = 10_000

/** Text of more than one line. */
const lines = z
  .string()
  .max(LONGEST_BODY)
  .regex(/^(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u, 'Has a character that no text has.')

const written = z.strictObject({ subject: text(LONGEST_SUBJECT), body: lines })

const draft = z.strictObject({
  draft: written.exactOptional().meta({ description: 'Without it, what is in force.' }),
})

function requireKind(given: string): MailKind {
  const kind = mailKind.safeParse(given)
  if (kind.success) return kind.data
  throw new Problem('notFound', 'There is no such kind of mail.')
}

/** What an administrator wrote, if it can be sent; `path` is where it stands in the body. */
function requireUsable(
  { mails }: Caller,
  kind: MailKind,
  { subject, body }: MailTemplate,
  path: readonly string[],
): MailTemplate {
  const template = { subject, body: body.replace(/\r\n?/g, '\n') }
  const mistakes = mails.templates.mistakesIn(kind, template)
  if (mistakes.length === 0) return template
  throw badPlaces(mistakes.map(({ part, detail }) => ({ path: [...path, part], detail })))
}

async function shown({ directory, mails }: Caller, kind: MailKind) {
  const set = await directory.settings.read(`mail.${kind}`)
  const { subject, body } = set ?? mails.templates.builtIn(kind)
  const placeholders = mails.templates.placeholders(kind)
  return { id: kind, subject, body, builtIn: set === undefined, placeholders }
}

/** A mail in the words of a draft, or in those in force. */
async function sample(
  caller: Caller,
  kind: MailKind,
  given: MailTemplate | undefined,
  user: User | undefined,
) {
  const template = given ? requireUsable(caller, kind, given, ['draft']) : await shown(caller, kind)
  return caller.mails.templates.sample(kind, template, user?.attributes)
}

async function userOf({ directory }: Caller, id: string | undefined): Promise<User | undefined> {
  if (id === undefined) return undefined
  const user = await directory.users.read(id)
  if (user) return user
  throw badBody(['userId'], 'There is no such user.')
}

/** Whoever asks. */
async function administrator({ directory, cause }: Caller): Promise<User | undefined> {
  return directory.users.read(cause.actor.replace(/^user:/, ''))
}

export const listMailTemplates = route({
  method: 'GET',
  path: '/mail-templates',
  operation: 'listMailTemplates',
  summary: 'How mails of each kind are worded, and what can stand in them',
  status: 200,
  answer: z.strictObject({
    configured: z.boolean().meta({ description: 'Whether there is a mail server.' }),
    items: z.array(mailTemplate),
  }),
  async handle(caller) {
    const items = await Promise.all(mailKind.options.map((kind) => shown(caller, kind)))
    return { configured: caller.mails.configured, items }
  },
})

export const changeMailTemplate = route({
  method: 'POST',
  path: '/mail-templates/{id}',
  operation: 'changeMailTemplate',
  summary: 'Words the mails of a kind otherwise from now on, those that wait included',
  body: written,
  status: 200,
  answer: mailTemplate,
  problems: ['notFound'],
  async handle(caller, { id, body }) {
    const kind = requireKind(id)
    const template = requireUsable(caller, kind, body, [])
    await caller.directory.settings.change(`mail.${kind}`, template, caller.cause)
    return shown(caller, kind)
  },
})

export const resetMailTemplate = route({
  method: 'POST',
  path: '/mail-templates/{id}/reset',
  operation: 'resetMailTemplate',
  summary: 'Goes back to the words that the program brings',
  status: 200,
  answer: mailTemplate,
  problems: ['notFound'],
  async handle(caller, { id }) {
    const kind = requireKind(id)
    await caller.directory.settings.change(`mail.${kind}`, undefined, caller.cause)
    return shown(caller, kind)
  },
})

export const previewMail = route({
  method: 'POST',
  path: '/mail-templates/{id}/preview',
  operation: 'previewMail',
  summary: 'A mail as its receiver would see it; nothing is kept or sent',
  body: draft.extend({
    userId: userId
      .exactOptional()
      .meta({ description: 'Who would get it; without it, somebody invented.' }),
  }),
  status: 200,
  answer: writtenMail,
  problems: ['notFound'],
  async handle(caller, { id, body }) {
    const user = await userOf(caller, body.userId)
    return sample(caller, requireKind(id), body.draft, user)
  },
})

export const testMail = route({
  method: 'POST',
  path: '/mail-templates/{id}/test',
  operation: 'testMail',
  summary: 'Sends such a mail to whoever asks; a link in it leads nowhere',
  body: draft,
  status: 200,
  answer: z.strictObject({
    to: z.string(),
    taken: z.boolean().meta({ description: 'Whether the mail server took it.' }),
    answer: z.string().meta({ description: 'What the mail server said, or why not.' }),
  }),
  problems: ['notFound', 'conflict'],
  async handle(caller, { id, body }) {
    const kind = requireKind(id)
    const user = await administrator(caller)
    const to = user && mailAddress(user.attributes)
    if (to === undefined) throw new Problem('conflict', 'You have no e-mail address here.')
    const mail = await sample(caller, kind, body.draft, user)
    return { to, ...(await caller.mails.deliver(to, mail)) }
  },
})

/** How mails are worded. */
export const mailTemplateRoutes: readonly Route[] = [
  listMailTemplates,
  changeMailTemplate,
  resetMailTemplate,
  previewMail,
  testMail,
]
