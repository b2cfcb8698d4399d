import type { Texts } from './texts.js'

export const de: Texts = {
  lang: 'de',
  title: 'Zugriff erlauben',
  asks: (client) => `${client} bittet um Zugriff auf Ihre Zertifizierungsstellen`,
  signedInAs: 'Angemeldet als',
  sentTo: 'Danach geht es weiter zu',
  onThisDevice: 'einer Anwendung auf diesem Gerät',
  selfRegistered:
    'Diese Anwendung hat sich selbst registriert. Niemand hat ihren Namen geprüft: Fahren Sie nur fort, wenn Sie selbst damit begonnen haben.',
  workspace: 'Workspace',
  otherWorkspace: 'Anderen Workspace wählen',
  chooseWorkspace: 'Um welchen Workspace geht es?',
  goOn: 'Weiter',
  whatRightsMean: 'Was die Berechtigungen bedeuten',
  rights: {
    read: { name: 'Lesen', meaning: 'die CA und ihre Zertifikate ansehen' },
    issue: { name: 'Ausstellen', meaning: 'Zertifikate erstellen und erneuern, denen andere vertrauen' },
    revoke: {
      name: 'Widerrufen',
      meaning: 'Zertifikate endgültig beenden; was sie benutzt, funktioniert nicht mehr',
    },
  },
  chooseRights: 'Was ist erlaubt?',
  duration: 'Das gilt, bis Sie es zurücknehmen, und reicht nie weiter als das, was Sie selbst dürfen.',
  nothingTicked: 'Ist nichts angekreuzt, wird der Zugriff abgelehnt.',
  nothingToGrant: 'Es gibt keine CA, auf die Sie Zugriff geben könnten.',
  allow: 'Angekreuztes erlauben',
  deny: 'Ablehnen',
  wrongForm:
    'Das Formular war keines von dieser Seite. Nichts wurde erlaubt; bitte antworten Sie noch einmal.',
  foreignRights:
    'Das Formular wollte, was Sie nicht oder nicht mehr dürfen. Nichts wurde erlaubt; bitte antworten Sie noch einmal.',
  refusalTitle: 'Hier geht es nicht weiter',
  refusal: 'Die Anwendung hat eine Anfrage geschickt, die nicht in Ordnung ist. Nichts wurde erlaubt.',
  answered:
    'Diese Anfrage ist schon beantwortet oder abgelaufen. Gehen Sie zurück zur Anwendung und beginnen Sie dort von vorn.',
  detail: 'Für die Entwickler der Anwendung',
}
