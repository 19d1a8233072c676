import type { Context } from 'hono'
import { z } from 'zod'
import type { Principal } from '../auth/principal.ts'
import type { EntraConnections } from '../directory/connection.ts'
import type { Cause } from '../directory/event.ts'
import type { MailDesk } from '../directory/mail-desk.ts'
import type { Directory, Store } from '../directory/store.ts'
import { id, readBody, readQuery } from './input.ts'
import { Problem, type ProblemCode } from './problems.ts'

/** What a request of this door carries from stage to stage. */
export interface AdminEnv {
  Variables: {
    principal: Principal
    requestId: string
    /** The failure behind an answer of 500 or above. */
    failure: unknown
  }
}

export interface AdminParts {
  readonly store: Store
  /** The tenants that organisations are connected to. */
  readonly connections: EntraConnections
  /** Who carries out what is started. */
  readonly runner: { wake(): void }
  readonly mails: MailDesk
  readonly now: () => Date
  /** Without a slash at its end. */
  readonly publicUrl: string
  /** Where provisioning comes in: the Tenant URL to paste into Entra. */
  readonly scimUrl: string
}

/** Who asks, for what is theirs. */
export interface Caller extends AdminParts {
  readonly organisation: string
  /** All rows of the organisation. */
  readonly directory: Directory
  readonly cause: Cause
}

/** A value that may come from where nothing can be changed. */
type Fixed<T> = T extends readonly (infer Item)[]
  ? readonly Fixed<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: Fixed<T[Name]> }
    : T

interface Definition<
  Query extends z.ZodObject,
  Body extends z.ZodObject,
  Answer extends z.ZodType,
> {
  readonly method: 'GET' | 'POST'
  /** Below the door, with names in braces. */
  readonly path: string
  /** A name for it, once in the door. */
  readonly operation: string
  readonly summary: string
  readonly query?: Query
  readonly body?: Body
  readonly status: 200 | 201 | 204
  /** Absent where the answer is empty. */
  readonly answer?: Answer
  /** What else can come of it than what can of every request. */
  readonly problems?: readonly ProblemCode[]
  /** Where what was made can be found, below the door. */
  locate?(made: z.output<Answer>): string
  handle(
    caller: Caller,
    given: {
      /** What stands in the path for `{id}`; empty where nothing does. */
      readonly id: string
      readonly query: z.output<Query>
      readonly body: z.output<Body>
    },
  ): Promise<Fixed<z.output<Answer>>>
}

/** A route of this door: data for whoever mounts and describes it. */
export interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly operation: string
  readonly summary: string
  readonly query: z.ZodObject
  /** Absent for what is read. */
  readonly body?: z.ZodObject
  readonly status: 200 | 201 | 204
  readonly answer?: z.ZodType
  readonly problems: readonly ProblemCode[]
  /** Whether the answer says where what was made can be found. */
  readonly locates: boolean
  /** Reads what was sent, does it, and gives what to answer. */
  answerTo(
    caller: Caller,
    context: Context,
  ): Promise<{ readonly body: unknown; readonly location?: string }>
}

const nothing = z.strictObject({})

function idIn({ req }: Context): string {
  const given = req.param('id')
  if (given === undefined) return ''
  if (id.safeParse(given).success) return given
  throw new Problem('notFound', 'The path has no id that could be here.')
}

/** A route from what it takes and gives; what comes in is checked before `handle` has it. */
export function route<
  Query extends z.ZodObject = typeof nothing,
  Body extends z.ZodObject = typeof nothing,
  Answer extends z.ZodType = z.ZodVoid,
>(definition: Definition<Query, Body, Answer>): Route {
  const { method, locate, problems = [] } = definition
  // What is not said takes nothing, which is what the parameters of the type stand for then.
  const query = definition.query ?? (nothing as unknown as Query)
  const body = definition.body ?? (nothing as unknown as Body)
  const { path, operation, summary, status, answer } = definition
  return {
    method,
    path,
    operation,
    summary,
    query,
    ...(method === 'POST' ? { body } : {}),
    status,
    ...(answer ? { answer } : {}),
    problems,
    locates: locate !== undefined,
    async answerTo(caller, context) {
      const given = {
        id: idIn(context),
        query: readQuery(query, context),
        body: method === 'POST' ? await readBody(body, context) : ({} as z.output<Body>),
      }
      const made = await definition.handle(caller, given)
      return { body: made, ...(locate ? { location: locate(made as z.output<Answer>) } : {}) }
    },
  }
}
