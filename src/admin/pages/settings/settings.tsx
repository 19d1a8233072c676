import type { Child } from 'hono/jsx'
import { DEFAULT_ORGANISATION } from '../../../directory/organisation.ts'
import type { ShownSetting } from '../../../directory/installation.ts'
import { DEFAULT_BRAKE, DEFAULT_SYNC } from '../../../directory/settings.ts'
import { settingsTexts as texts } from '../../../texts/settings.ts'
import { LinkButton } from '../../../ui/action.tsx'
import { Head } from '../../../ui/head.tsx'
import { Badge, Facts, Panel } from '../../../ui/panel.tsx'
import { Table } from '../../../ui/table.tsx'
import { listMailTemplates } from '../../mail-templates.ts'
import { page, type Asked, type Page } from '../../console/asked.ts'
import { tokensInForce } from '../connect/standing.ts'

const SECTION = '/admin/settings'

const { parts, environment } = texts

type Group = keyof typeof environment.groups

/** Which settings belong together; those that stand nowhere here are of the server. */
const groups: Readonly<Record<Exclude<Group, 'server'>, (name: string) => boolean>> = {
  application: (name) =>
    [
      'APPLICATION_NAME',
      'CLIENT_DOWNLOAD_URL',
      'SUPPORT_CONTACT',
      'SMTP_URL',
      'MAIL_FROM',
    ].includes(name),
  entra: (name) => name.startsWith('ENTRA_'),
  provisioning: (name) => /^(SCIM_|PROVISIONING_)/.test(name),
}

function groupOf({ name }: ShownSetting): Group {
  const names = Object.keys(groups) as (keyof typeof groups)[]
  return names.find((group) => groups[group](name)) ?? 'server'
}

/** The first sentence of what a setting is for, without Markdown. */
function gist(about: string): string {
  const plain = about
    .replaceAll(/ \(\[[^\]]*\]\([^)]*\)\)/g, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('`', '')
  return /^.*?[.:](?=\s|$)/.exec(plain)?.[0].replace(/:$/, '.') ?? plain
}

const plain = (text: string) => text.replaceAll('`', '')

function Value({ setting }: { readonly setting: ShownSetting }) {
  const { isSet, value, unset } = setting
  if (!isSet) return <small>{environment.unset(plain(unset))}</small>
  return value === undefined ? (
    <Badge kind="good" icon="lock">
      {environment.set}
    </Badge>
  ) : (
    <code>{value}</code>
  )
}

function Environment({ settings }: { readonly settings: readonly ShownSetting[] }) {
  const named = Object.entries(environment.groups) as [Group, string][]
  return (
    <>
      <h2>{environment.title}</h2>
      <p class="hint">{environment.about}</p>
      {named.map(([group, title]) => (
        <Panel bare title={title}>
          <Table
            label={title}
            rows={settings.filter((setting) => groupOf(setting) === group)}
            columns={[
              {
                label: environment.columns.name,
                cell: ({ name, about }) => (
                  <span class="setting">
                    <code>{name}</code>
                    <small>{gist(about)}</small>
                  </span>
                ),
              },
              {
                label: environment.columns.value,
                cell: (setting) => <Value setting={setting} />,
              },
            ]}
          />
        </Panel>
      ))}
    </>
  )
}

interface Line {
  readonly label: string
  readonly value: Child
  readonly href: `/${string}`
}

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly Line[] }) {
  return (
    <Panel bare title={title}>
      <ul class="lines">
        {lines.map(({ label, value, href }) => (
          <li>
            <div class="words">
              <strong>{label}</strong>
              <small>{value}</small>
            </div>
            <LinkButton href={href} small of={label}>
              {texts.open}
            </LinkButton>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** What the organisation has set, in a line each, with the page where it is changed. */
async function linesOf(asked: Asked): Promise<{ entra: Line[]; mail: Line[] }> {
  const { connections, organisation, directory, mails, provisioningFeed } = asked
  const [known, tokens, sync, brake, templates] = await Promise.all([
    connections.known(organisation),
    tokensInForce(asked),
    directory.settings.read('sync'),
    directory.settings.read('brake'),
    listMailTemplates.call(asked),
  ])
  const { users, percent, minutes } = brake ?? DEFAULT_BRAKE
  const { every } = sync ?? DEFAULT_SYNC
  const own = templates.items.filter(({ builtIn }) => !builtIn).length
  return {
    entra: [
      {
        label: parts.connection,
        value: known ? parts.connected(known.tenantId) : parts.notConnected,
        href: '/admin/connect/app',
      },
      {
        label: parts.tokens,
        value: parts.tokensInForce(tokens.length),
        href: '/admin/connect/tokens',
      },
      {
        label: parts.sync,
        value: every === undefined ? parts.syncByHand : parts.syncEvery(every),
        href: '/admin/sync',
      },
      { label: parts.brake, value: parts.brakeOn(users, percent, minutes), href: '/admin/held' },
      { label: parts.log, value: parts.logKept(provisioningFeed.days), href: '/admin/log' },
    ],
    mail: [
      {
        label: parts.mail,
        value: mails.configured ? parts.mailOn : parts.mailOff,
        href: '/admin/mails',
      },
      {
        label: parts.words,
        value: own === 0 ? parts.wordsBuiltIn : parts.wordsOwn(own),
        href: '/admin/mails/words/invitation',
      },
    ],
  }
}

function Application({ facts }: { readonly facts: Asked['mails']['facts'] }) {
  const { applicationName, downloadUrl, contact } = facts
  return (
    <Panel title={parts.application} about={parts.applicationText}>
      <Facts
        items={[
          { label: parts.name, value: <strong>{applicationName}</strong> },
          { label: parts.download, value: downloadUrl ?? parts.noDownload },
          { label: parts.contact, value: <strong>{contact}</strong> },
        ]}
      />
    </Panel>
  )
}

function Installation({ publicUrl, installation }: Pick<Asked, 'publicUrl' | 'installation'>) {
  const { version, runtime, database } = installation
  return (
    <Panel title={parts.installation}>
      <Facts
        items={[
          { label: parts.publicUrl, value: publicUrl },
          { label: parts.version, value: version },
          { label: parts.database, value: database },
          { label: parts.runtime, value: runtime },
        ]}
      />
    </Panel>
  )
}

/** What the installation is set to. */
export const settingsPages: readonly Page[] = [
  page('/settings', async (asked) => {
    const { entra, mail } = await linesOf(asked)
    return {
      title: texts.title,
      section: SECTION,
      body: (
        <>
          <Head title={texts.title} about={texts.about} />
          <div class="columns">
            <div>
              <Application facts={asked.mails.facts} />
              <Lines title={parts.entra} lines={entra} />
            </div>
            <div>
              <Installation publicUrl={asked.publicUrl} installation={asked.installation} />
              <Lines title={parts.mail} lines={mail} />
            </div>
          </div>
          {/* Other organisations are guests of the installation. */}
          {asked.organisation === DEFAULT_ORGANISATION ? (
            <Environment settings={asked.installation.settings} />
          ) : null}
        </>
      ),
    }
  }),
]
