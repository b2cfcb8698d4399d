import { CommandError } from '../command-error.js'

const variable = 'CERTWRIGHT_METRICS_TOKEN'

/** What a scraper sends to read `/metrics`; absent: there are no metrics. */
export function readMetricsToken(env: NodeJS.ProcessEnv): string | undefined {
  const token = env[variable]
  if (token === undefined || /^[A-Za-z0-9._~+/-]{16,512}=*$/.test(token)) return token
  const advice = 'give it at least 16 characters of base64, as from "openssl rand -base64 24"'
  throw new CommandError('usage', `cannot serve: ${variable} is no token; ${advice}`)
}
