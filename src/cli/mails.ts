import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Config } from '../config.ts'
import { isMailAddress } from '../directory/mail-address.ts'
import type { MailState, QueuedMail } from '../directory/outbox.ts'
import { userName } from '../directory/user.ts'
import { DeliveryFailure } from '../mail/delivery.ts'
import { writeLetter } from '../mail/templates.ts'
import {
  jsonOption,
  organisationOption,
  parseId,
  wholeNumber,
  type JsonOption,
  type OrganisationOption,
} from './arguments.ts'
import { causeOf, findByPrefix, requireConfig, withDirectory } from './open.ts'
import { Failure, json, minute, plain, table, type Terminal } from './terminal.ts'
import { requireUser } from './users.ts'

const STATES: readonly MailState[] = ['kept', 'waiting', 'sending', 'sent', 'failed', 'cancelled']

/** Of so many mails one is found by the beginning of its id. */
const NEWEST = 10_000

interface ListOptions extends OrganisationOption, JsonOption {
  readonly state?: MailState
  readonly limit: number
}

/** The time that matters: when it was sent, or when it is to be. */
function when({ state, sent, due }: QueuedMail): string {
  if (sent !== undefined) return minute(sent)
  return state === 'waiting' ? minute(due) : '–'
}

function list(terminal: Terminal, { organisation, state, limit, ...options }: ListOptions) {
  return withDirectory(terminal, organisation, async ({ directory }) => {
    const which = state === undefined ? { limit } : { state, limit }
    const mails = await directory.outbox.list(which)
    if (options.json) return terminal.write(json(mails))
    if (mails.length === 0) {
      terminal.write(`There is no mail${state === undefined ? '' : ` that is ${state}`}.\n`)
      return
    }
    terminal.write(
      table(
        ['ID', 'STATE', 'KIND', 'TO', 'SENT OR DUE (UTC)', 'TRIES', 'PROBLEM'],
        mails.map((mail) => [
          mail.id,
          mail.state,
          mail.kind,
          mail.to,
          when(mail),
          String(mail.attempts),
          mail.problem ?? '–',
        ]),
      ),
    )
  })
}

function next({ mail }: Config): string {
  return mail
    ? 'The server sends it when it runs; "mail list" shows what became of it.'
    : 'It waits, because SMTP_URL is not set.'
}

function send(terminal: Terminal, name: string, { organisation }: OrganisationOption) {
  return withDirectory(terminal, organisation, async ({ directory, config }) => {
    const user = await requireUser(directory, name)
    const known = plain(userName(user.attributes))
    const now = terminal.now().toISOString()
    const mail = await directory.outbox.invite(user.id, now, causeOf(terminal))
    const what =
      mail.kind === 'invitation'
        ? 'an invitation'
        : 'an invitation with a link to choose a password'
    terminal.write(`Queued ${what} of ${known} to ${plain(mail.to)}. ${next(config)}\n`)
  })
}

function retry(terminal: Terminal, id: string, { organisation }: OrganisationOption) {
  return withDirectory(terminal, organisation, async ({ directory: { outbox }, config }) => {
    const known = findByPrefix(await outbox.list({ limit: NEWEST }), id, 'mail')
    const { to } = await outbox.dispatch(known.id, causeOf(terminal))
    terminal.write(`Queued the mail to ${plain(to)} once more. ${next(config)}\n`)
  })
}

function cancel(terminal: Terminal, id: string, { organisation }: OrganisationOption) {
  return withDirectory(terminal, organisation, async ({ directory: { outbox } }) => {
    const known = findByPrefix(await outbox.list({ limit: NEWEST }), id, 'mail')
    const { state, to } = await outbox.cancel(known.id, causeOf(terminal))
    if (state !== 'cancelled') throw new Failure(`The mail to ${plain(to)} is ${state} already.`)
    terminal.write(`Cancelled: the mail to ${plain(to)} is not sent.\n`)
  })
}

async function test(terminal: Terminal, address: string): Promise<void> {
  const { mail, applicationName, downloadUrl, publicUrl, contact } = requireConfig(terminal)
  if (!mail) {
    throw new Failure('Set SMTP_URL and MAIL_FROM first: see docs/operations.md, "Invitations".')
  }
  const signInUrl = `${publicUrl}/auth/sign-in`
  const sample = writeLetter('invitation', {
    facts: { applicationName, downloadUrl, signInUrl, contact },
    receiver: { displayName: 'Adele Vance', userName: address },
  })
  // Loaded when it is used, as by the server.
  const { smtpDelivery } = await import('../mail/smtp.ts')
  const message = { ...sample, id: terminal.newId(), to: address, date: terminal.now() }
  const delivery = smtpDelivery(mail)
  try {
    const answer = await delivery.send(message)
    terminal.write(`The mail server took the mail to ${address}: ${plain(answer)}\n`)
  } catch (error) {
    if (!(error instanceof DeliveryFailure)) throw error
    throw new Failure(`The mail was not sent. ${plain(error.message)}`, { cause: error })
  } finally {
    delivery.close()
  }
}

function parseAddress(text: string): string {
  if (isMailAddress(text)) return text
  throw new InvalidArgumentError('Write an e-mail address.')
}

export function addMailCommands(program: Command, terminal: Terminal): void {
  const mails = program.command('mail').description('mails: invitations, and what became of them')

  mails
    .command('list')
    .description('list mails, the newest first')
    .addOption(new Option('--state <state>', 'only those of this state').choices(STATES))
    .option('--limit <number>', 'how many at most', wholeNumber(1, NEWEST), 50)
    .addOption(organisationOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
A mail that failed is not sent again by itself; "mail retry" sends it once more.

Example:
  npm run cli -- mail list --state failed`,
    )
    .action((options: ListOptions) => list(terminal, options))

  mails
    .command('send')
    .description(
      'invite a user, again or for the first time; a local one with a link to choose a password',
    )
    .argument('<username>', 'the user name')
    .addOption(organisationOption())
    .addHelpText('after', '\nExample:\n  npm run cli -- mail send adele@contoso.example')
    .action((name: string, options: OrganisationOption) => send(terminal, name, options))

  mails
    .command('retry')
    .description('send a mail now that is kept, waits or has failed')
    .argument('<id>', 'the id of the mail, or its first characters, at least 4', parseId)
    .addOption(organisationOption())
    .addHelpText(
      'after',
      `
A mail of which nobody knows whether it arrived is sent once more too.

Example:
  npm run cli -- mail retry 019a2f41-7c3e`,
    )
    .action((id: string, options: OrganisationOption) => retry(terminal, id, options))

  mails
    .command('cancel')
    .description('stop a mail that is kept, waits or has failed')
    .argument('<id>', 'the id of the mail, or its first characters, at least 4', parseId)
    .addOption(organisationOption())
    .addHelpText('after', '\nExample:\n  npm run cli -- mail cancel 019a2f41-7c3e')
    .action((id: string, options: OrganisationOption) => cancel(terminal, id, options))

  mails
    .command('test')
    .description('send a sample invitation at once, and say what the mail server answered')
    .argument('<address>', 'where to', parseAddress)
    .addHelpText('after', '\nExample:\n  npm run cli -- mail test you@contoso.example')
    .action((address: string) => test(terminal, address))
}
