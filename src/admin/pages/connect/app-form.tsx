import type { KnownConnection } from '../../../directory/connection.ts'
import { connect as texts } from '../../../texts/connect.ts'
import { Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Field, Select, TextArea, Tick } from '../../../ui/field.tsx'
import { Note } from '../../../ui/note.tsx'
import { FoldedPanel } from '../../../ui/panel.tsx'
import type { Asked } from '../../console/asked.ts'
import type { Faults } from '../../console/attempt.ts'
import type { tryConnection } from '../../connection.ts'
import { Checks } from './checks.tsx'
import { placeOf } from './frame.tsx'

export type Body = NonNullable<NonNullable<Parameters<typeof tryConnection.call>[1]>['body']>
export type Trial = Awaited<ReturnType<typeof tryConnection.call>>

/** What was typed, as it was typed. */
export interface Typed {
  readonly tenantId: string
  readonly clientId: string
  readonly cloud: string
  readonly kind: string
  readonly secret: string
  readonly pem: string
  readonly expires: string
  readonly moveLinks: boolean
}

export const typedIn = ({ sent }: Asked): Typed => ({
  tenantId: sent.text('tenantId'),
  clientId: sent.text('clientId'),
  cloud: sent.text('cloud'),
  kind: sent.text('kind'),
  secret: sent.text('secret'),
  pem: sent.text('pem'),
  expires: sent.text('expires'),
  moveLinks: sent.has('moveLinks'),
})

/** The form as it is before anything was typed. */
export const typedFrom = (known: KnownConnection | undefined): Typed => ({
  tenantId: known?.tenantId ?? '',
  clientId: known?.clientId ?? '',
  cloud: known?.cloud ?? 'global',
  kind: known?.credential === 'certificate' ? 'certificate' : 'secret',
  secret: '',
  pem: '',
  expires: '',
  moveLinks: false,
})

const clouds = Object.keys(texts.app.enter.clouds) as (keyof typeof texts.app.enter.clouds)[]

/** What was typed as the route takes it; a credential that was left empty stays as it is. */
export function bodyOf(typed: Typed): Body {
  const { tenantId, clientId, kind, secret, pem, expires, moveLinks } = typed
  const cloud = clouds.find((each) => each === typed.cloud) ?? 'global'
  const certificate = kind === 'certificate'
  const given = certificate ? pem : secret
  return {
    tenantId,
    clientId,
    cloud,
    moveLinks,
    ...(given === ''
      ? {}
      : {
          credential: certificate
            ? ({ kind: 'certificate', pem } as const)
            : ({ kind: 'secret', secret } as const),
        }),
    ...(expires === '' || certificate ? {} : { expires }),
  }
}

/** Where the app registration is entered: with what is wrong at each field, or with what Entra said of it. */
export function AppForm(props: {
  readonly typed: Typed
  readonly stored: boolean
  readonly known: boolean
  /** Whether what is known stands in the environment. */
  readonly environment: boolean
  readonly faults: Faults | undefined
  readonly trial: Trial | undefined
}) {
  const { typed, stored, known, environment, faults, trial } = props
  const { enter } = texts.app
  const at_ = faults?.fields ?? {}
  const partly = trial?.checks.some(({ what, ok }) => what === 'token' && ok) ?? false
  const loose = faults && Object.keys(at_).length === 0
  return (
    <FoldedPanel
      id="enter"
      title={known ? enter.again : enter.title}
      about={environment ? `${texts.app.environment} ${enter.text}` : enter.text}
      open={!known || faults !== undefined || trial !== undefined}
    >
      {loose ? <Note kind="bad">{faults.text}</Note> : null}
      {trial === undefined ? null : (
        <>
          <Note kind="bad">
            <strong>{enter.failed}</strong>
            {partly ? <div>{enter.partly}</div> : null}
          </Note>
          <div class="boxed">
            <Checks checks={trial.checks} sample={trial.sample} />
          </div>
        </>
      )}
      <form method="post" action={at(placeOf('app'))}>
        <div class="form-grid">
          <Field
            name="tenantId"
            label={enter.tenant}
            value={typed.tenantId}
            fault={at_['tenantId']}
          />
          <Field
            name="clientId"
            label={enter.client}
            value={typed.clientId}
            fault={at_['clientId']}
          />
        </div>
        <Select
          name="cloud"
          label={enter.cloud}
          value={typed.cloud}
          options={clouds.map((value) => ({ value, label: enter.clouds[value] }))}
          fault={at_['cloud']}
        />
        <fieldset class="credential">
          <legend>{enter.credential}</legend>
          <Tick
            kind="radio"
            name="kind"
            value="secret"
            label={enter.secret}
            checked={typed.kind !== 'certificate'}
          />
          <Tick
            kind="radio"
            name="kind"
            value="certificate"
            label={enter.certificate}
            checked={typed.kind === 'certificate'}
          />
          <div class="of-secret form-grid">
            <Field
              name="secret"
              type="password"
              label={enter.secretValue}
              value={typed.secret}
              hint={stored ? `${enter.secretHint} ${enter.keptHint}` : enter.secretHint}
              fault={
                typed.kind === 'certificate'
                  ? undefined
                  : (at_['credential/secret'] ?? at_['credential'])
              }
              optional
            />
            <Field
              name="expires"
              type="date"
              label={enter.expires}
              value={typed.expires}
              hint={enter.expiresHint}
              fault={at_['expires']}
              optional
            />
          </div>
          <div class="of-certificate">
            <TextArea
              name="pem"
              label={enter.pem}
              value={typed.pem}
              rows={6}
              code
              hint={enter.pemHint}
              fault={
                typed.kind === 'certificate'
                  ? (at_['credential/pem'] ?? at_['credential'])
                  : undefined
              }
              optional
            />
          </div>
        </fieldset>
        {at_['moveLinks'] === undefined && !typed.moveLinks ? null : (
          <Tick
            name="moveLinks"
            label={enter.moveLinks}
            checked={typed.moveLinks}
            hint={enter.moveLinksHint}
          />
        )}
        <div class="actions">
          <Submit>{enter.submit}</Submit>
          {partly ? (
            <Submit look="quiet" name="do" value="keep">
              {enter.keep}
            </Submit>
          ) : null}
        </div>
      </form>
    </FoldedPanel>
  )
}
