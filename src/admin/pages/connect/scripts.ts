import { page, type Asked, type Page } from '../../console/asked.ts'
import { bashScript } from './script-bash.ts'
import { scriptFacts, type ScriptFacts } from './script-facts.ts'
import { powershellScript } from './script-powershell.ts'

async function factsOf(asked: Asked): Promise<ScriptFacts> {
  const { connections, organisation, publicUrl, scimUrl } = asked
  const known = await connections.known(organisation)
  return scriptFacts({
    publicUrl,
    scimUrl,
    tenantId: known?.tenantId,
    cloud: known?.cloud ?? 'global',
  })
}

/** A file to keep, not to look at. */
function download(name: string, text: string): Response {
  return new Response(text, {
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
      'X-Content-Type-Options': 'nosniff',
    },
  })
}

/** Scripts that set up at Entra what this server needs. */
export const scriptPages: readonly Page[] = [
  page('/connect/setup.ps1', async (asked) =>
    // Older shells take a file without this mark for another encoding.
    download('entrance-setup.ps1', `\ufeff${powershellScript(await factsOf(asked))}`),
  ),
  page('/connect/setup.sh', async (asked) =>
    download('entrance-setup.sh', bashScript(await factsOf(asked))),
  ),
]
