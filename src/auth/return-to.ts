/** The path of an address, without a slash at its end. */
export function basePath(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/+$/, '')
}

/** Where people go who did not say where they wanted to: administrators to the console, all others to their account. */
export function homeOf(publicUrl: string, administrator: boolean): string {
  return `${basePath(publicUrl)}${administrator ? '/admin' : '/auth/account'}`
}

/** What stands for a place that nobody named: whoever signs in goes home. */
export const NOWHERE = ''

/**
 * The place within this server that a sign-in leads back to; NOWHERE for anything that would leave it, such as
 * `//evil.example`, `/\\evil.example` or `https:evil.example`, and for another round of signing in.
 */
export function returnTo(given: string | undefined, publicUrl: string): string {
  if (given === undefined || !/^\/(?![/\\])[\u0021-\u007e]*$/.test(given)) return NOWHERE
  const { origin } = new URL(publicUrl)
  const url = new URL(given, origin)
  const base = basePath(publicUrl)
  // Dots can lead to a path that a browser takes for a host.
  const within =
    url.origin === origin && url.pathname.startsWith(`${base}/`) && !url.pathname.startsWith('//')
  if (!within || url.pathname.startsWith(`${base}/auth/sign-`)) return NOWHERE
  return `${url.pathname}${url.search}`
}
