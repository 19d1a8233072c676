import type { Child } from 'hono/jsx'
import { connect as texts } from '../../../texts/connect.ts'
import { Badge, Panel } from '../../../ui/panel.tsx'
import { Table } from '../../../ui/table.tsx'

const { mappings: words } = texts.provisioning

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

interface Mapping {
  readonly entra: string
  readonly entrance: string
  readonly note?: Child
}

/** As Entra has them, but for the first. */
const mappings: readonly Mapping[] = [
  { entra: 'objectId', entrance: 'externalId', note: words.objectId },
  { entra: 'userPrincipalName', entrance: 'userName', note: words.matching },
  {
    entra: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    entrance: 'active',
    note: words.active,
  },
  { entra: 'displayName', entrance: 'displayName' },
  { entra: 'givenName', entrance: 'name.givenName' },
  { entra: 'surname', entrance: 'name.familyName' },
  { entra: 'mail', entrance: 'emails[type eq "work"].value' },
  { entra: 'mobile', entrance: 'phoneNumbers[type eq "mobile"].value' },
  { entra: 'jobTitle', entrance: 'title' },
  { entra: 'department', entrance: `${ENTERPRISE}:department` },
  { entra: 'employeeId', entrance: `${ENTERPRISE}:employeeNumber` },
  { entra: 'manager', entrance: `${ENTERPRISE}:manager` },
  {
    entra: 'AssertiveAppRoleAssignmentsComplex([appRoleAssignments])',
    entrance: 'roles',
    note: words.roles,
  },
]

/** Of a name, where it may be broken: where its parts end, and in a very long word before its capitals. */
const partsOf = (name: string) =>
  name
    .split(/(?<=[:.(])/)
    .flatMap((part) => (/^\w{25,}/.test(part) ? part.split(/(?=[A-Z])/) : [part]))

/** A long name, which may be broken where its parts end. */
function Long({ name }: { readonly name: string }) {
  return (
    <code>
      {partsOf(name).map((part) => (
        <>
          {part}
          <wbr />
        </>
      ))}
    </code>
  )
}

function Note({ mapping: { entra, note } }: { readonly mapping: Mapping }) {
  return (
    <small>
      {entra === 'objectId' ? <Badge kind="warn">{words.change}</Badge> : null} {note}
    </small>
  )
}

/** The mappings that Entra should have. */
export function Mappings() {
  return (
    <Panel bare title={words.title} about={words.text} footer={<span>{words.groups}</span>}>
      <Table
        label={words.title}
        rows={mappings}
        columns={[
          { label: words.columns.entra, cell: ({ entra }) => <Long name={entra} /> },
          {
            label: words.columns.entrance,
            cell: (mapping) => (
              <>
                <Long name={mapping.entrance} />
                {mapping.note === undefined ? null : (
                  <div class="instead">
                    <Note mapping={mapping} />
                  </div>
                )}
              </>
            ),
          },
          {
            label: words.columns.note,
            when: 'less',
            cell: (mapping) => <Note mapping={mapping} />,
          },
        ]}
      />
    </Panel>
  )
}
