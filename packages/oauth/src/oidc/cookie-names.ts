export const cookieNames = {
  interaction: 'certwright_consent',
  resume: 'certwright_resume',
  session: 'certwright_oidc_session',
} as const
