/** The pages on which people come in: signing in, choosing a password, and what goes wrong on the way. */
export const door = {
  /** The way back that many of them have. */
  toSignIn: 'Go to the sign-in',
  backToSignIn: 'Back to the sign-in',

  signIn: {
    title: 'Sign in',
    userName: 'User name',
    password: 'Password',
    entra: 'Connect via Microsoft Entra ID',
    button: 'Connect',
    forgotten: 'Forgotten your password?',
    empty: 'Type your user name and your password.',
    wrong: 'The user name or the password is wrong.',
    noPassword:
      'If yours is a Microsoft account of your organisation, it has no password here: tick “Connect via Microsoft Entra ID”.',
    elsewhere: (contact: string) =>
      `If you sign in with your Microsoft account elsewhere, you have no password here: ask ${contact}.`,
    tooOften: (seconds: number) => `Too many attempts. Try again in ${seconds} seconds.`,
    inactive: (contact: string) => `Your account is not active. Ask ${contact}.`,
  },

  forgotten: {
    title: 'Forgotten your password?',
    about: 'You get a mail with a link to choose a new one.',
    name: 'User name or e-mail address',
    button: 'Send me a link',
    empty: 'Type your user name or your e-mail address.',
    tooOften: (wait: string) => `That was asked for too often. Try again in ${wait}.`,
    /** Around the words that stand at the sign-in, and at Microsoft. */
    microsoft: {
      before: 'Do you sign in with a Microsoft account? Its password is at Microsoft: tick',
      between: 'at the sign-in, and choose',
      link: 'Forgot my password',
      after: 'there.',
    },
    sent: {
      title: 'Look into your mails',
      text: 'If that is an account with a password here, a mail is on its way to its address. The link in it works once, within an hour.',
      nothing: (contact: string) =>
        `Nothing after a few minutes? Look into the spam folder, or ask ${contact}.`,
    },
    ask: (contact: string) => `Ask ${contact} for a link to choose a new one.`,
  },

  link: {
    password: 'New password',
    passwordHint: 'At least 12 characters; a few words are easy to keep.',
    again: 'The same again',
    notSame: 'The two are not the same.',
    choose: {
      title: 'Choose a password',
      before: 'For',
      after: '. You are signed out everywhere else.',
      button: 'Save and sign in',
    },
    setUp: {
      page: 'Set up',
      title: 'Welcome',
      about:
        'This makes the first administrator. It is an account of this server, so that you can get in even when Microsoft cannot be reached.',
      name: 'Your name',
      userName: 'User name',
      userNameHint: 'What you type to sign in, such as your e-mail address.',
      button: 'Make the account',
      noName: 'Write your name.',
      noUserName: 'Write a user name.',
      taken: 'Somebody has this user name.',
    },
    spent: {
      page: 'Link not valid',
      title: 'This link is not valid',
      text: 'It has been used, it has expired, or a newer password was chosen since.',
      ask: 'Ask an administrator for a new one.',
    },
    inactive: {
      page: 'Saved',
      title: 'Your password is saved',
      text: 'Your account is not active, so you cannot sign in yet.',
      ask: 'Ask an administrator.',
    },
  },

  entra: {
    again: 'Try again',
    other: 'Use another account',
    signedInAs: 'Microsoft has signed you in as',
    unknown: {
      page: 'Not known here',
      title: 'You are not known here yet',
      after: ', but this account is not linked to a user of this application.',
      asked: 'Your request has been passed on to the administrators.',
      ask: (contact: string) =>
        `To have it linked, ask ${contact}. Then sign in again. If you have another work account, use that one.`,
    },
    inactive: {
      page: 'Not active',
      title: 'Your account is not active',
      after: (contact: string) =>
        `, but the user of this application that belongs to it is switched off. Ask ${contact}.`,
    },
    signedOut: {
      page: 'Signed out',
      title: 'You are signed out',
      everywhere: 'Here and at Microsoft. You can close this window.',
      here: 'Of this application. You can close this window.',
      still:
        'Microsoft still knows you in this browser. On a computer that others use, sign out there too: that ends Outlook, Teams and the like as well.',
      microsoft: 'Sign out of Microsoft too',
      again: 'Sign in again',
    },
    details: {
      error: 'Microsoft’s error',
      correlation: 'Correlation ID',
      request: 'Request number',
    },
  },

  native: {
    title: 'Continue in the application?',
    signedInAs: 'You are signed in as',
    only: 'Continue only if you have just begun to sign in there yourself.',
    button: 'Continue',
    handOver: {
      page: 'Signed in',
      title: 'You are signed in',
      text: 'You can close this window and go on in the application.',
      nothing: 'If nothing happens there,',
      link: 'continue here',
    },
    wrong: {
      title: 'This does not work',
      text: (contact: string) =>
        `The application opened this page in a way that is not right. Ask ${contact}.`,
    },
  },

  messages: {
    elsewhere: {
      title: 'That did not come from here',
      text: 'The form was sent from another page than one of this server. Open the sign-in again and retry.',
    },
    tooLarge: { title: 'Too much', text: 'The form is larger than it can be.' },
    away: {
      title: 'Not available just now',
      text: 'The database cannot be reached. Wait a moment and try again.',
    },
    failed: {
      title: 'Something went wrong',
      text: (requestId: string) =>
        `It is noted in the log of the server, with this number: ${requestId}.`,
    },
    notFound: {
      title: 'There is nothing here',
      text: 'The address is not one of this server’s pages.',
    },
  },
} as const
