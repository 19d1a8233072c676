import { randomUUID } from 'node:crypto'

/** A person who is signed in to the authority in one browser. */
export interface SignIn {
  /** The `sid` claim. */
  readonly sid: string
  readonly objectId: string
  /** A second factor was approved. */
  readonly approved: boolean
}

/** Who is signed in where; several people can be in one browser. */
export interface SignIns {
  /** The people signed in in this browser, the latest last. */
  in(browser: string): readonly SignIn[]
  /** The one of this `sid`, also after its end: a code may still be on its way. */
  find(sid: string): SignIn | undefined
  /** Signs a person in; who is in already keeps the `sid`. */
  begin(browser: string, objectId: string, approved: boolean): SignIn
  end(browser: string, signIn: SignIn): void
}

export function newSignIns(): SignIns {
  const browsers = new Map<string, Map<string, SignIn>>()
  const known = new Map<string, SignIn>()
  return {
    in: (browser) => [...(browsers.get(browser)?.values() ?? [])],
    find: (sid) => known.get(sid),
    begin: (browser, objectId, approved) => {
      const people = browsers.get(browser) ?? new Map<string, SignIn>()
      const former = people.get(objectId)
      const signIn: SignIn = {
        sid: former?.sid ?? randomUUID(),
        objectId,
        approved: approved || former?.approved === true,
      }
      people.delete(objectId)
      people.set(objectId, signIn)
      browsers.set(browser, people)
      known.set(signIn.sid, signIn)
      return signIn
    },
    end: (browser, { objectId }) => {
      browsers.get(browser)?.delete(objectId)
    },
  }
}
