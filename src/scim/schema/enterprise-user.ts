import { attribute, complex, type Schema } from './attribute.ts'

export const ENTERPRISE_USER_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

export const enterpriseUserSchema: Schema = {
  id: ENTERPRISE_USER_SCHEMA,
  name: 'EnterpriseUser',
  description: 'Enterprise User',
  attributes: [
    attribute('employeeNumber', 'Number of the person in the organisation.'),
    attribute('costCenter', 'Cost centre.'),
    attribute('organization', 'Organisation.'),
    attribute('division', 'Division.'),
    attribute('department', 'Department.'),
    complex('manager', 'The person’s manager.', [
      attribute('value', 'Id of the manager’s User resource.', { caseExact: true }),
      attribute('$ref', 'URI of the manager’s User resource.', {
        type: 'reference',
        referenceTypes: ['User'],
        caseExact: true,
        mutability: 'readOnly',
      }),
      attribute('displayName', 'Name of the manager.', { mutability: 'readOnly' }),
    ]),
  ],
}
