import type { Texts } from './texts.js'

export const en: Texts = {
  lang: 'en',
  title: 'Grant access',
  asks: (client) => `${client} asks for access to your certificate authorities`,
  signedInAs: 'Signed in as',
  sentTo: 'Afterwards you are sent to',
  onThisDevice: 'an application on this device',
  selfRegistered:
    'This application has registered itself. Nobody has checked its name: go on only if you started this yourself.',
  workspace: 'Workspace',
  otherWorkspace: 'Choose another workspace',
  chooseWorkspace: 'Which workspace is it about?',
  goOn: 'Continue',
  whatRightsMean: 'What the rights mean',
  rights: {
    read: { name: 'Read', meaning: 'see the CA and its certificates' },
    issue: { name: 'Issue', meaning: 'create and renew certificates that others will trust' },
    revoke: { name: 'Revoke', meaning: 'end certificates for good; what uses them stops working' },
  },
  chooseRights: 'What may it do?',
  duration: 'It holds until you take it back, and never goes further than what you may do yourself.',
  nothingTicked: 'With nothing ticked, access is denied.',
  nothingToGrant: 'There is no CA that you could grant access to.',
  allow: 'Allow what is ticked',
  deny: 'Deny',
  wrongForm: 'The form was not one of this page. Nothing was granted; please answer again.',
  foreignRights:
    'The form asked for what you may not do, or not any more. Nothing was granted; please answer again.',
  refusalTitle: 'This cannot go on',
  refusal: 'The application has sent a request that is not in order. Nothing was granted.',
  answered:
    'This request has been answered, or has expired. Go back to the application, and start again there.',
  detail: 'For its developers',
}
