import { z } from 'zod'

const string = z.string()

export const mailKind = z.enum(['invitation', 'password-invitation', 'password-reset'])

/** How mails of a kind are worded. */
export const mailTemplate = z.strictObject({
  id: mailKind,
  subject: string,
  body: string,
  builtIn: z
    .boolean()
    .meta({ description: 'Whether these are the words that the program brings.' }),
  placeholders: z.array(
    z.strictObject({
      name: string.meta({ description: 'As it stands in braces.' }),
      about: string,
      required: z.boolean(),
    }),
  ),
})

/** A mail as its receiver would see it. */
export const writtenMail = z.strictObject({ subject: string, text: string, html: string })
