/** Addresses of this server that Entra has to know. */
export interface EntraPlaces {
  /** Where people come back to who signed in. */
  readonly redirect: string
  /** Where people come back to who signed out of Microsoft too. */
  readonly signedOut: string
  /** What Entra shows in a hidden frame when somebody signs out there. */
  readonly logout: string
  readonly signIn: string
}

/** The addresses; `publicUrl` is without a slash at its end. */
export function entraPlaces(publicUrl: string): EntraPlaces {
  return {
    redirect: `${publicUrl}/auth/entra/callback`,
    signedOut: `${publicUrl}/auth/signed-out`,
    logout: `${publicUrl}/auth/entra/sign-out`,
    signIn: `${publicUrl}/auth/sign-in`,
  }
}

/** Whether Entra can reach an address: over https, and not on this very machine. */
export function isReachable(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl)
  return protocol === 'https:' && !/^(localhost|127\.|\[::1\])/.test(hostname)
}
