import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

/** Keeps what oidc-provider writes in memory; the one client is asked for anew each time. */
export function memoryStore(client: () => AdapterPayload & { client_id: string }): AdapterFactory {
  return (kind): Adapter => {
    const rows = new Map<string, AdapterPayload>()
    const find = (id: string): Promise<AdapterPayload | undefined> => {
      if (kind !== 'Client') return Promise.resolve(rows.get(id))
      const metadata = client()
      return Promise.resolve(metadata.client_id === id ? metadata : undefined)
    }
    return {
      find,
      findByUid: (uid) => Promise.resolve([...rows.values()].find((row) => row.uid === uid)),
      findByUserCode: () => Promise.resolve(undefined),
      upsert: (id, payload) => {
        rows.set(id, payload)
        return Promise.resolve()
      },
      consume: (id) => {
        const row = rows.get(id)
        if (row !== undefined) rows.set(id, { ...row, consumed: Date.now() })
        return Promise.resolve()
      },
      destroy: (id) => {
        rows.delete(id)
        return Promise.resolve()
      },
      // Entra does not take tokens back when a code comes a second time.
      revokeByGrantId: () => Promise.resolve(),
    }
  }
}
