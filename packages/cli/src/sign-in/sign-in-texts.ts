import { preferredLanguage } from '@certwright/html'

export interface SignInTexts {
  readonly lang: 'en' | 'de'
  readonly title: string
  readonly heading: string
  /** Before and behind the ending of the file's name. */
  readonly where: readonly [string, string]
  readonly secret: string
  readonly signIn: string
  readonly wrongSecret: string
}

const languages: Readonly<Record<SignInTexts['lang'], SignInTexts>> = {
  en: {
    lang: 'en',
    title: 'Sign in to Certwright',
    heading: 'Sign in to the Certwright demonstration',
    where: [
      'The sign-in secret was shown when the server started. It is also in the file whose name ends in',
      ', beside the data folder.',
    ],
    secret: 'Sign-in secret',
    signIn: 'Sign in',
    wrongSecret: 'That is not the secret. Copy it whole, with the letters in front.',
  },
  de: {
    lang: 'de',
    title: 'Anmelden bei Certwright',
    heading: 'Anmelden bei der Certwright-Demonstration',
    where: [
      'Das Anmeldegeheimnis stand beim Start des Servers auf dem Bildschirm. Es steht auch in der Datei, deren Name auf',
      ' endet, neben dem Datenordner.',
    ],
    secret: 'Anmeldegeheimnis',
    signIn: 'Anmelden',
    wrongSecret: 'Das ist nicht das Geheimnis. Kopieren Sie es ganz, mit den Buchstaben davor.',
  },
}

/** In the language that the browser likes better, English where it says nothing of either. */
export const signInTexts = (request: Request): SignInTexts =>
  languages[preferredLanguage(request.headers.get('accept-language'), ['en', 'de'])]
