/** Who is calling, as far as a door needs to know. */
export interface Principal {
  readonly organisation: string
  /** Named in events and logs, such as `token:Entra`. */
  readonly actor: string
}
