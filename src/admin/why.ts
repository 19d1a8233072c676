import { Problem } from './problems.ts'
import { route, type Route } from './route.ts'
import { why } from './assignment-schemas.ts'

export const explainUser = route({
  method: 'GET',
  path: '/users/{id}/why',
  operation: 'explainUser',
  summary: 'Why a user is active, has its groups, roles and permissions, and can sign in, or not',
  status: 200,
  answer: why,
  problems: ['notFound'],
  async handle({ directory }, { id }) {
    const found = await directory.provenance.why(id)
    if (found) return found
    throw new Problem('notFound', 'There is no such user.')
  },
})

/** Where what a user is and has comes from. */
export const whyRoutes: readonly Route[] = [explainUser]
