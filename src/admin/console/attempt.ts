import { toProblem, type Problem, type ProblemCode } from '../problems.ts'

/** What is wrong with a form, to be shown where it can be mended. */
export interface Faults {
  /** On the whole. */
  readonly text: string
  /** What is wrong with single fields, by their place in the body of the route, such as `options/role`. */
  readonly fields: Readonly<Record<string, string>>
}

/** Of all failures these are about what was typed, or about what is here. */
const mendable: readonly ProblemCode[] = [
  'badRequest',
  'tooMany',
  'conflict',
  'notConnected',
  'versionMismatch',
]

function faultsOf({ message, mistakes }: Problem): Faults {
  const fields: Record<string, string> = {}
  for (const mistake of mistakes) {
    const place = 'pointer' in mistake ? mistake.pointer.replace(/^#\/?/, '') : mistake.parameter
    fields[place] = [fields[place], mistake.detail].filter(Boolean).join(' ')
  }
  return { text: message, fields }
}

/** What came of work, or what is wrong with the form that asked for it. Throws what cannot be mended there. */
export async function attempt<T>(
  work: () => Promise<T>,
): Promise<{ readonly made: T } | { readonly faults: Faults }> {
  try {
    return { made: await work() }
  } catch (error) {
    const problem = toProblem(error)
    if (!mendable.includes(problem.code)) throw error
    return { faults: faultsOf(problem) }
  }
}
