import type { Page } from '../../console/asked.ts'
import { bulkPages } from './bulk.tsx'
import { filterChoicePages } from './filter-choice.tsx'
import { newUserPages } from './new-user.tsx'
import { userTablePages } from './users.tsx'

/** The users: the table, what is done with several of them, and new ones. */
export const usersPages: readonly Page[] = [
  ...userTablePages,
  ...filterChoicePages,
  ...newUserPages,
  ...bulkPages,
]
