import type { Child } from 'hono/jsx'
import { whyTexts } from '../../../texts/why.ts'
import { DoButton, LinkButton } from '../../../ui/action.tsx'
import { Icon } from '../../../ui/icon.tsx'
import type { Asked } from '../../console/asked.ts'
import { isOwn, mailOf, nameOf, pathOf, type Person } from './frame.tsx'
import { actorsOf, By, type ActorNames, type How } from './how.tsx'
import { Told } from './told.tsx'

const texts = whyTexts.verdict

/** Whether a user has access, and else the first thing that stands in the way. */
export type Verdict =
  | {
      readonly kind: 'off'
      readonly how: How
      readonly since: string | undefined
      readonly actors: ActorNames
    }
  /** No link to Entra and no password; what else is known of it, in sentences. */
  | { readonly kind: 'shut'; readonly known: readonly string[] }
  /** Nothing that gives a permission; whether there are user groups or roles at all. */
  | { readonly kind: 'nothing'; readonly has: boolean }
  | { readonly kind: 'open'; readonly permissions: number }

async function entryVerdict({ directory }: Asked, person: Person): Promise<Verdict | undefined> {
  if (person.active && person.linked) return undefined
  const entry = await directory.provenance.entry(person.id)
  if (!entry || entry.signIn.possible) return undefined
  const { active, signIn } = entry
  if (active.now) return { kind: 'shut', known: signIn.reasons.slice(1) }
  const actors = await actorsOf(directory, [active])
  return { kind: 'off', how: active, since: active.since, actors }
}

/** Whether this user has access. Who can sign in has none where nothing gives a permission, if permissions are used here. */
export async function verdictOf(asked: Asked, person: Person): Promise<Verdict> {
  const entry = await entryVerdict(asked, person)
  if (entry) return entry
  const permissions = person.permissions.length
  if (permissions > 0) return { kind: 'open', permissions }
  const has = person.groups.length + person.roles.length > 0
  const used = !has || (await asked.directory.permissions.list()).length > 0
  return used ? { kind: 'nothing', has } : { kind: 'open', permissions }
}

/** Whether it is worth telling where nobody asked: an administrator has other things to do than to use the application. */
export const isTrouble = ({ kind }: Verdict, { administrator }: Person): boolean =>
  kind === 'off' || kind === 'shut' || (kind === 'nothing' && !administrator)

/** What mends it, or where it is explained. */
export function Fixes({ verdict, person }: { readonly verdict: Verdict; readonly person: Person }) {
  const path = pathOf(person)
  if (verdict.kind === 'off' && isOwn(person)) {
    return (
      <DoButton to={`${path}/on`} icon="circle-check" small>
        {whyTexts.switchOn}
      </DoButton>
    )
  }
  if (verdict.kind === 'shut') {
    return (
      <>
        <LinkButton href={`/admin/link/users/${person.id}`} icon="link" small>
          {whyTexts.linkIt}
        </LinkButton>
        {isOwn(person) && mailOf(person) !== undefined ? (
          <DoButton to={`${path}/invite`} icon="mail" small>
            {whyTexts.sendInvitation}
          </DoButton>
        ) : null}
        {isOwn(person) ? (
          <DoButton to={`${path}/password-link`} icon="key-round" small>
            {whyTexts.makeLink}
          </DoButton>
        ) : null}
      </>
    )
  }
  if (verdict.kind === 'nothing' && !verdict.has) {
    return (
      <>
        <LinkButton href={`${path}/join`} small>
          {whyTexts.addGroup}
        </LinkButton>
        <LinkButton href={`${path}/access`} small>
          {whyTexts.giveRole}
        </LinkButton>
      </>
    )
  }
  return (
    <LinkButton href={`${path}/why`} small>
      {whyTexts.open}
    </LinkButton>
  )
}

/** What is known besides. */
function Known({ verdict, person }: { readonly verdict: Verdict; readonly person: Person }) {
  if (verdict.kind === 'off') {
    const { how, since, actors } = verdict
    return (
      <small class="line">
        <By how={how} at={since} actors={actors} />
        {isOwn(person) ? '.' : `. ${whyTexts.enableThere}`}
      </small>
    )
  }
  const sentences = verdict.kind === 'shut' ? verdict.known : []
  return (
    <>
      {sentences.map((sentence) => (
        <small class="line">
          <Told sentence={sentence} />
        </small>
      ))}
    </>
  )
}

function reasonOf(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'off':
      return texts.off
    case 'shut':
      return texts.shut
    case 'nothing':
      return verdict.has ? texts.nothingGiven : texts.nothing
    case 'open':
      return verdict.permissions > 0 ? texts.may(verdict.permissions) : texts.unused
  }
}

const kinds = { off: 'bad', shut: 'bad', nothing: 'warn', open: 'good' } as const

/** Says whether a user has access and what stands in the way, with what can be done about it beside. */
export function VerdictNote(props: {
  readonly verdict: Verdict
  readonly person: Person
  readonly children?: Child
}) {
  const { verdict, person, children } = props
  const kind = kinds[verdict.kind]
  const out = verdict.kind === 'off' || verdict.kind === 'shut'
  const name = nameOf(person)
  return (
    <div class={`note ${kind} verdict`}>
      <Icon name={kind === 'good' ? 'circle-check' : 'circle-alert'} />
      <div class="words">
        <strong>{out ? whyTexts.out(name) : whyTexts.in(name)}</strong>
        {reasonOf(verdict)}
        <Known verdict={verdict} person={person} />
      </div>
      {children === undefined ? null : <div class="actions">{children}</div>}
    </div>
  )
}
