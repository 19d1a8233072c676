import type { Context } from 'hono'
import { z } from 'zod'
import type { Principal } from '../auth/principal.ts'
import type { EntraConnections } from '../directory/connection.ts'
import type { Cause } from '../directory/event.ts'
import type { Installation } from '../directory/installation.ts'
import type { MailDesk } from '../directory/mail-desk.ts'
import type { LogFeed } from '../directory/provisioning-log.ts'
import type { Directory, Store } from '../directory/store.ts'
import type { WebhookDesk } from '../directory/webhook.ts'
import type { Background } from './background.ts'
import type { Policy } from './console/policy.ts'
import { checkBody, checkQuery, id, readBody, readQuery } from './input.ts'
import type { LinkSurvey } from './link-survey.ts'
import { Problem, type ProblemCode } from './problems.ts'

/** What a request of this door carries from stage to stage. */
export interface AdminEnv {
  Variables: {
    principal: Principal
    requestId: string
    /** The failure behind an answer of 500 or above. */
    failure: unknown
    /** What a browser may do with a page, where that is not as for all. */
    policy: Policy | undefined
  }
}

export interface AdminParts {
  readonly store: Store
  /** The tenants that organisations are connected to. */
  readonly connections: EntraConnections
  /** Who carries out what is started. */
  readonly runner: { wake(): void }
  /** Syncs that are being worked out for whoever looks: the id of the plan comes of it. */
  readonly previews: Background<string>
  /** Who here may be whom of Entra, as it was looked up for whoever asked. */
  readonly surveys: Background<LinkSurvey>
  readonly mails: MailDesk
  readonly webhooks: WebhookDesk
  readonly now: () => Date
  /** Without a slash at its end. */
  readonly publicUrl: string
  /** Where provisioning comes in: the Tenant URL to paste into Entra. */
  readonly scimUrl: string
  /** What is served, and how it was set up from outside. */
  readonly installation: Installation
  /** The provisioning log as it is being written. */
  readonly provisioningFeed: LogFeed
  /** Says when the server is about to stop: what goes on until somebody leaves has to end then. */
  readonly closing: AbortSignal
}

/** Who asks, for what is theirs. */
export interface Caller extends AdminParts {
  readonly organisation: string
  /** All rows of the organisation. */
  readonly directory: Directory
  readonly cause: Cause
}

/** Who asks, once the guard has let them in. */
export function callerOf(context: Context<AdminEnv>, parts: AdminParts): Caller {
  const { organisation, actor } = context.get('principal')
  return {
    ...parts,
    organisation,
    directory: parts.store.for({ organisation, localUsers: 'visible' }),
    cause: { actor, door: 'admin', requestId: context.get('requestId') },
  }
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

/** A route that can be called from within too. */
export interface Operation<
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodObject = z.ZodObject,
  Answer extends z.ZodType = z.ZodType,
> extends Route {
  /** Does what the route does, for a page of the console: checks the same, throws the same. */
  call(
    caller: Caller,
    given?: {
      readonly id?: string
      readonly query?: z.input<Query>
      readonly body?: z.input<Body>
    },
  ): Promise<Fixed<z.output<Answer>>>
}

const nothing = z.strictObject({})

function checkId(given: string | undefined): string {
  if (given === undefined) return ''
  if (id.safeParse(given).success) return given
  throw new Problem('notFound', 'The path has no id that could be here.')
}

/** A route from what it takes and gives; what comes in is checked before `handle` has it. */
export function route<
  Query extends z.ZodObject = typeof nothing,
  Body extends z.ZodObject = typeof nothing,
  Answer extends z.ZodType = z.ZodVoid,
>(definition: Definition<Query, Body, Answer>): Operation<Query, Body, Answer> {
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
    call: async (caller, given = {}) =>
      definition.handle(caller, {
        id: checkId(given.id),
        query: checkQuery(query, given.query ?? {}),
        body: checkBody(body, given.body ?? {}),
      }),
    async answerTo(caller, context) {
      const given = {
        id: checkId(context.req.param('id')),
        query: readQuery(query, context),
        body: method === 'POST' ? await readBody(body, context) : ({} as z.output<Body>),
      }
      const made = await definition.handle(caller, given)
      return { body: made, ...(locate ? { location: locate(made as z.output<Answer>) } : {}) }
    },
  }
}
