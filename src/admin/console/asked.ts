import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { Person } from '../../auth/principal.ts'
import type { AdminEnv, Caller } from '../route.ts'

/** The fields of a form that was sent; files are none of them. */
export interface Sent {
  /** The value of a field, without room around it; empty where there is none. */
  text(name: string): string
  /** All values of a field that are not empty. */
  list(name: string): readonly string[]
  /** Whether a box was ticked. */
  has(name: string): boolean
}

/** A request for a page: who asks, and for what. */
export interface Asked extends Caller {
  readonly context: Context<AdminEnv>
  readonly me: Person
  /** What stands in the path for `{id}`; empty where nothing does. */
  readonly id: string
  /** A parameter of the address, without room around it; empty where it is not there. */
  query(name: string): string
  /** The same address with other parameters; those set to an empty text are left out. */
  here(changed: Readonly<Record<string, string>>): string
  /** The form that was sent with it. */
  readonly sent: Sent
}

/** What a page is made of, within the frame that all have. */
export interface View {
  readonly title: string
  /** The address of the menu item that it belongs to. */
  readonly section: `/${string}`
  readonly body: Child
  /** For a page of text or of one form. */
  readonly narrow?: boolean
  /** 400 where a form is shown again for what is wrong in it. */
  readonly status?: 400 | 403 | 404 | 409 | 500 | 502 | 503
  /** So many seconds after which it is asked for again where no script runs: for work that goes on. */
  readonly refresh?: number
  /** Whether a document of this server stands in a frame of it. */
  readonly frames?: true
}

/** What was done, told on the next page; with `undo` a button that takes it back. */
export interface Done {
  readonly text: string
  readonly kind?: 'good' | 'warn' | 'bad'
  readonly undo?: { readonly to: `/${string}`; readonly fields: Readonly<Record<string, string>> }
}

/** Leads to another page, so that nothing is sent twice. */
export interface Redirect {
  readonly to: `/${string}`
  readonly done?: Done
}

export type Outcome = View | Redirect | Response

/** A page, or what a form does: data for whoever mounts it. */
export interface Page {
  readonly method: 'GET' | 'POST'
  /** Below the console, with `{id}` for an id. */
  readonly path: string
  answer(asked: Asked): Promise<Outcome>
}

/** A page at a path. */
export function page(path: string, answer: (asked: Asked) => Promise<Outcome>): Page {
  return { method: 'GET', path, answer }
}

/** What is done with a form that is sent to a path. */
export function action(path: string, answer: (asked: Asked) => Promise<Outcome>): Page {
  return { method: 'POST', path, answer }
}
