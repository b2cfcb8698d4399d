import { serveBare } from './http/server.js'
import { print, reportOf } from './measure.js'
import { rowsInProcess } from './ocsp/in-process.js'
import { rowsOverHttp } from './ocsp/over-http.js'
import { serveBareHandler, serveOcsp } from './ocsp/server.js'

/*
 * OCSP, P-256, memory storage. In process: with a nonce every answer is signed, and the limit is that signature alone;
 * without one, an answer that was signed before is given, after a look at the status. Over HTTP: answers that were signed
 * before, from a process of their own, beside a handler that does nothing but give as many bytes.
 */

const [mode, ...given] = process.argv.slice(2)
if (mode === '--ocsp') await serveOcsp()
else if (mode === '--bare') await serveBare(Number(given[0]))
else if (mode === '--bare-handler') await serveBareHandler(Number(given[0]))
else print(reportOf('ocsp', [...(await rowsInProcess()), ...(await rowsOverHttp())]))
