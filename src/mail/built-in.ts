import type { MailKind } from '../directory/outbox.ts'
import type { MailTemplate } from '../directory/settings.ts'

/** How mails are worded where no administrator has written others, in English. */
export const builtIn: Readonly<Record<MailKind, MailTemplate>> = {
  invitation: {
    subject: 'Your access to {application}',
    body: `# Your access to {application}

Hello {name},

You can now work with {application}. You sign in with the Microsoft account that you have already; there is no new password.

1. Download the client and install it:
   [Download from {download}]({download})
| 1. Ask {contact} for the client, unless it is on your computer already.
2. Start it, tick **Connect via Microsoft Entra ID** and choose **Connect**.
3. Pick your Microsoft account:
   **{account}**

In a browser you sign in the same way:
{sign-in}

Does something not work? Ask {contact}.

---
This mail was sent because you were given access. Nobody will ask you for your password in a mail.
`,
  },
  'password-invitation': {
    subject: 'Your access to {application}',
    body: `# Your access to {application}

Hello {name},

You can now work with {application}. Your user name is
**{account}**

1. Choose a password; the link works once, until {expires}:
   [Choose a password]({link})
2. Download the client and install it:
   [Download from {download}]({download})
| 2. Ask {contact} for the client, unless it is on your computer already.
3. Start it, type your user name and your password, and choose **Connect**.

In a browser you sign in the same way:
{sign-in}

Does something not work, or was it too late for the link? Ask {contact}.

---
This mail was sent because you were given access. The link in it is yours alone: pass it on to nobody. Nobody will ask you for your password in a mail.
`,
  },
  'password-reset': {
    subject: 'A new password for {application}',
    body: `# A new password for {application}

Hello {name},

Somebody, most likely you, has forgotten the password of
**{account}**

Choose a new one; the link works once, until {expires}:
[Choose a new password]({link})

Was it not you? Then there is nothing to do: the password stays as it is. Does it happen again and again? Tell {contact}.

---
The link in this mail is yours alone: pass it on to nobody. Nobody will ask you for your password in a mail.
`,
  },
}
