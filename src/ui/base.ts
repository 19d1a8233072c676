import { createContext, useContext } from 'hono/jsx'

/** The path of the public address, which a reverse proxy may add: empty, or without a slash at its end. */
export const Base = createContext('')

/** A path of this server as a browser asks for it. */
export function at(path: `/${string}`): string {
  return `${useContext(Base)}${path}`
}
