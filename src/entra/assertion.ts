import { readFile } from 'node:fs/promises'
import { EntraFailure } from '../directory/entra-directory.ts'

/** The token that the platform wrote into a file; read anew each time, since the platform renews it. Throws EntraFailure. */
export async function readAssertion(file: string): Promise<string> {
  try {
    const token = (await readFile(file, 'utf8')).trim()
    if (token !== '') return token
  } catch (error) {
    throw new EntraFailure(
      'credentials',
      'The token of the platform cannot be read: the file of ENTRA_FEDERATED_TOKEN_FILE is not there, or is not for the server to read.',
      { cause: error },
    )
  }
  throw new EntraFailure('credentials', 'The file of ENTRA_FEDERATED_TOKEN_FILE is empty.')
}
