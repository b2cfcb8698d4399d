import type { Judge } from '../judge.js'
import { certsig } from './certsig.js'
import { dnmatch } from './dnmatch.js'
import { fuzz } from './fuzz.js'
import { ocspVerify } from './ocsp-verify.js'
import { parse } from './parse.js'
import { path } from './path.js'
import { privkey } from './privkey.js'
import { crl, ocsp } from './revocation.js'
import { signature } from './signature.js'
import { signeddata } from './signeddata.js'

/** By kind. Cases of a kind that is not here are skipped, and counted as that. */
export const judges: ReadonlyMap<string, Judge> = new Map(
  Object.entries({
    certsig,
    crl,
    dnmatch,
    fuzz,
    ocsp,
    'ocsp-verify': ocspVerify,
    parse,
    path,
    privkey,
    signature,
    signeddata,
  }),
)
