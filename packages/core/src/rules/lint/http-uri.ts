import type { GeneralName } from '../../x509/general-name.js'

/** An http URI with a host and without user, that any client can fetch. */
export const isHttpUri = (name: GeneralName): boolean =>
  name.type === 'uri' &&
  /^http:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?(?:\/[\x21-\x7e]*)?$/i.test(name.value)
