import {
  alwaysFollowed,
  followedByChoice,
  type FollowedField,
} from '../../../directory/entra-attributes.ts'
import { common } from '../../../texts/common.ts'
import { userTexts } from '../../../texts/user.ts'
import { Icon } from '../../../ui/icon.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { Table } from '../../../ui/table.tsx'
import { ownFields } from '../../user-fields.ts'
import { isOwn, type Person } from './frame.tsx'

const { profile: texts } = userTexts

type Label = keyof typeof texts.fields

/** What people call the fields that Entra has. */
const labels: Readonly<Record<FollowedField['field'], Label>> = {
  userPrincipalName: 'userName',
  displayName: 'displayName',
  givenName: 'givenName',
  surname: 'familyName',
  mail: 'email',
  mobilePhone: 'mobile',
  businessPhone: 'workPhone',
  jobTitle: 'title',
  department: 'department',
  companyName: 'company',
  employeeId: 'employeeNumber',
  preferredLanguage: 'language',
  enabled: 'active',
} as Readonly<Record<FollowedField['field'], Label>>

type Owner = 'entra' | 'here' | 'kept'

interface Line {
  readonly label: Label
  readonly value: string
  readonly owner: Owner
}

function ownerOf(person: Person, { attribute }: FollowedField, label: Label): Owner {
  if (isOwn(person)) {
    const changeable: readonly string[] = [...ownFields, 'active']
    return changeable.includes(label) ? 'here' : 'kept'
  }
  return person.provisioned || person.ownedByEntra.includes(attribute) ? 'entra' : 'kept'
}

function lineOf(person: Person, field: FollowedField): Line {
  const label = labels[field.field]
  // As SCIM has them: written by the store.
  const found = field.read(person.attributes as Parameters<FollowedField['read']>[0])
  const value =
    label === 'active'
      ? person.active
        ? common.yes
        : common.no
      : typeof found === 'string'
        ? found
        : ''
  return { label, value, owner: ownerOf(person, field, label) }
}

/** The fields of a user: those that everybody has, and others that are filled in. */
function linesOf(person: Person): Line[] {
  const always = alwaysFollowed.map((field) => lineOf(person, field))
  const more = Object.values(followedByChoice).map((field) => lineOf(person, field))
  return [...always, ...more.filter(({ value }) => value !== '')]
}

const icons = { entra: 'lock', here: 'pencil' } as const

function OwnerCell({ owner }: { readonly owner: Owner }) {
  return (
    <span class="is-soft with-icon">
      {owner === 'kept' ? null : <Icon name={icons[owner]} />}
      {texts[owner]}
    </span>
  )
}

const ownerColumn = {
  label: texts.owner,
  when: 'less',
  cell: ({ owner }: Line) => <OwnerCell owner={owner} />,
} as const

/** What is known of a user, and who owns it: of each line where that is not the same for all. */
export function ProfilePanel({ person }: { readonly person: Person }) {
  const lines = linesOf(person)
  const owners = [...new Set(lines.map(({ owner }) => owner))]
  const [only] = owners.length === 1 ? owners : []
  return (
    <Panel
      title={texts.title}
      about={texts.owners[only ?? (owners.includes('entra') ? 'several' : 'own')]}
      bare
    >
      <Table
        label={texts.title}
        rows={lines}
        columns={[
          {
            label: texts.field,
            cell: ({ label }) => <span class="is-soft whole">{texts.fields[label]}</span>,
          },
          {
            label: texts.value,
            cell: ({ value }) =>
              value === '' ? <span class="is-soft">{texts.none}</span> : <bdi>{value}</bdi>,
          },
          ...(only === undefined ? [ownerColumn] : []),
        ]}
      />
    </Panel>
  )
}
