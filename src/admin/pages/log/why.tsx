import type { LogEntry, LogFailure } from '../../../directory/provisioning-log.ts'
import { explanationOf } from '../../../directory/provisioning-words.ts'
import { isObject, type Json } from '../../../scim/schema/attribute.ts'
import { log as texts } from '../../../texts/log.ts'
import { LinkButton } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Icon } from '../../../ui/icon.tsx'
import { Facts } from '../../../ui/panel.tsx'
import { Time } from '../../../ui/time.tsx'
import type { readProvisioningRequest } from '../../provisioning-log.ts'
import { clientName } from './in-words.tsx'

export type WholeRequest = Awaited<ReturnType<typeof readProvisioningRequest.call>>

const { entry: words } = texts

/** What the answer said of itself. */
function detailOf({ response: { body } }: WholeRequest): string | undefined {
  if (body?.kept !== 'whole') return undefined
  const answer = JSON.parse(body.text) as Json
  const detail = isObject(answer) ? answer['detail'] : undefined
  return typeof detail === 'string' ? detail : undefined
}

/** Where here the first step of mending it is. */
const places: Partial<Record<LogFailure, { href: `/${string}`; label: string }>> = {
  localAccount: { href: '/admin/link', label: words.places.link },
  uniqueness: { href: '/admin/link', label: words.places.link },
  unauthorized: { href: '/admin/connect/tokens', label: words.places.tokens },
  forbidden: { href: '/admin/connect/tokens', label: words.places.tokens },
  tooManyRequests: { href: '/admin/connect/tokens', label: words.places.tokens },
}

/** Who has the name that was asked for, or when what is not there was deleted. */
function particularsOf({ subject, explanation }: WholeRequest) {
  const { holder, deleted } = explanation ?? {}
  const group = subject?.type === 'Group'
  return [
    ...(holder
      ? [
          {
            label: words.holder,
            value: (
              <a class="name" href={at(`/admin/${group ? 'groups' : 'users'}/${holder.id}`)}>
                <bdi>{holder.name}</bdi>
              </a>
            ),
          },
        ]
      : []),
    ...(holder === null ? [{ label: words.holder, value: words.free }] : []),
    ...(deleted
      ? [
          {
            label: words.deleted,
            value: (
              <>
                <Time at={deleted.at} as="second" /> {words.by}{' '}
                <bdi>{clientName(deleted.actor)}</bdi>
              </>
            ),
          },
        ]
      : []),
  ]
}

/** Why a request was refused, and what to do where. */
export function Why({ request }: { readonly request: WholeRequest }) {
  const { explanation, failure } = request
  if (!explanation || failure === undefined) return null
  const known = failure as LogFailure
  // Without what is known now, which stands in lines of its own.
  const { what } = explanationOf(request as unknown as LogEntry) ?? explanation
  const detail = detailOf(request)
  const place = places[known]
  return (
    <section class="panel bad" aria-label={words.failed}>
      <header>
        <Icon name="circle-alert" tone="bad" />
        <h2>{explanation.title}</h2>
      </header>
      <div class="inside">
        <p>{what}</p>
        <Facts
          items={[
            ...particularsOf(request),
            ...(detail === undefined ? [] : [{ label: words.said, value: <bdi>{detail}</bdi> }]),
            { label: words.why, value: explanation.why },
            { label: words.fix, value: <strong>{explanation.fix}</strong> },
          ]}
        />
        {place === undefined ? null : (
          <div class="actions">
            <LinkButton href={place.href} icon="arrow-right">
              {place.label}
            </LinkButton>
          </div>
        )}
      </div>
    </section>
  )
}
