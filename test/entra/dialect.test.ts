import { describe, expect, test } from 'vitest'
import { patchAddMembers, patchAttributes, patchManager, patchRemoveMembers } from './dialect.ts'

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const CONTOSO = 'urn:ietf:params:scim:schemas:extension:contoso:2.0:User'
const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp']

describe('without a flag', () => {
  test('each attribute has an operation, capitalised, with booleans as text', () => {
    const body = patchAttributes('legacy', [
      { target: 'displayName', value: 'Adele V. Vance', had: true },
      { target: 'name.familyName', value: 'Vance-Hill', had: true },
      { target: 'emails[type eq "work"].value', value: 'adele.hill@contoso.example', had: true },
      { target: 'phoneNumbers[type eq "mobile"].value', value: '+44 7700 900001', had: false },
      { target: 'addresses[type eq "work"].formatted', value: 'Building 4', had: true },
      { target: `${ENTERPRISE}:department`, value: 'Research', had: false },
      { target: 'active', value: false, had: true },
    ])
    expect(body).toStrictEqual({
      schemas,
      Operations: [
        { op: 'Replace', path: 'displayName', value: 'Adele V. Vance' },
        { op: 'Replace', path: 'name.familyName', value: 'Vance-Hill' },
        {
          op: 'Replace',
          path: 'emails[type eq "work"].value',
          value: 'adele.hill@contoso.example',
        },
        { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+44 7700 900001' },
        { op: 'Replace', path: 'addresses[type eq "work"].formatted', value: 'Building 4' },
        { op: 'Add', path: `${ENTERPRISE}:department`, value: 'Research' },
        { op: 'Replace', path: 'active', value: 'False' },
      ],
    })
  })

  test('a manager is a text, and is taken away by Remove', () => {
    expect(patchManager('legacy', 'u-0900', false).Operations).toStrictEqual([
      { op: 'Add', path: `${ENTERPRISE}:manager`, value: 'u-0900' },
    ])
    expect(patchManager('legacy', null, true).Operations).toStrictEqual([
      { op: 'Remove', path: `${ENTERPRISE}:manager` },
    ])
  })

  test('members come and go as value lists with an empty $ref', () => {
    expect(patchAddMembers('legacy', ['u-1001', 'u-1002'])).toStrictEqual({
      schemas,
      Operations: [
        {
          op: 'Add',
          path: 'members',
          value: [
            { $ref: null, value: 'u-1001' },
            { $ref: null, value: 'u-1002' },
          ],
        },
      ],
    })
    expect(patchRemoveMembers('legacy', ['u-1001'])).toStrictEqual({
      schemas,
      Operations: [{ op: 'Remove', path: 'members', value: [{ $ref: null, value: 'u-1001' }] }],
    })
  })

  test('members are spread over operations', () => {
    const { Operations } = patchAddMembers('legacy', ['a', 'b', 'c'], 2)
    expect(Operations.map(({ value }) => value)).toStrictEqual([
      [
        { $ref: null, value: 'a' },
        { $ref: null, value: 'b' },
      ],
      [{ $ref: null, value: 'c' }],
    ])
  })
})

describe('with aadOptscim062020', () => {
  test('single values share one replace without a path, filtered paths stay apart', () => {
    const body = patchAttributes('aadOptscim062020', [
      { target: 'displayName', value: 'Adele V. Vance', had: true },
      { target: 'emails[type eq "work"].value', value: 'adele.hill@contoso.example', had: true },
      { target: 'name.givenName', value: 'Adele', had: false },
      { target: 'phoneNumbers[type eq "mobile"].value', value: '+44 7700 900001', had: false },
      { target: 'name.familyName', value: 'Vance-Hill', had: true },
      { target: 'active', value: false, had: true },
      { target: `${ENTERPRISE}:employeeNumber`, value: 'E-1001', had: true },
      { target: `${CONTOSO}:costCentre`, value: '4711', had: true },
    ])
    expect(body).toStrictEqual({
      schemas,
      Operations: [
        {
          op: 'replace',
          path: 'emails[type eq "work"].value',
          value: 'adele.hill@contoso.example',
        },
        { op: 'add', path: 'phoneNumbers[type eq "mobile"].value', value: '+44 7700 900001' },
        {
          op: 'replace',
          value: {
            displayName: 'Adele V. Vance',
            'name.givenName': 'Adele',
            'name.familyName': 'Vance-Hill',
            active: false,
            [`${ENTERPRISE}:employeeNumber`]: 'E-1001',
            [`${CONTOSO}:costCentre`]: '4711',
          },
        },
      ],
    })
  })

  test('roles are replaced as a list', () => {
    const role = {
      primary: false,
      type: 'WindowsAzureActiveDirectoryRole',
      display: 'Admin',
      value: 'Admin',
    }
    const changes = [{ target: 'roles', value: [role], had: false }]
    expect(patchAttributes('aadOptscim062020', changes).Operations).toStrictEqual([
      { op: 'replace', path: 'roles', value: [role] },
    ])
  })

  test('a member goes by a filtered path of its own', () => {
    expect(patchRemoveMembers('aadOptscim062020', ['u-1001', 'u-1002']).Operations).toStrictEqual([
      { op: 'remove', path: 'members[value eq "u-1001"]' },
      { op: 'remove', path: 'members[value eq "u-1002"]' },
    ])
  })
})
