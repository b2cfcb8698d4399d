import { createPrivateKey, sign } from 'node:crypto'
import { parseOcspResponse, platformCrypto } from '@certwright/core'
import { measure, type Row } from '../measure.js'
import { openResponder, type Responder } from './responder.js'

const count = 2000
const rounds = 7
const warmUps = 16

/** Parse the request, look the status up, assemble, sign; the limit is that signature alone. */
export async function rowsInProcess(): Promise<readonly Row[]> {
  const responder = await openResponder()
  const { pkcs8Der } = await platformCrypto.generateKeyPair('ECDSA-P256')
  const key = createPrivateKey({ key: Buffer.from(pkcs8Der), format: 'der', type: 'pkcs8' })
  const tbsDer = await exampleOf(responder)
  const rawSign = {
    name: 'node:crypto alone (sign)',
    run(n: number): void {
      for (let i = 0; i < n; i++) sign('sha256', tbsDer, { key, dsaEncoding: 'der' })
    },
  }
  const live = answering('answer, signed for it (nonce)', responder, responder.questionsWithNonce)
  const kept = answering('answer, signed before', responder, responder.questions)
  const contenders = [rawSign, { ...live, limit: rawSign.name }, { ...kept, limit: rawSign.name }]
  return (await measure('ocsp', contenders, { rounds, warmUps, count })).rows
}

/** What is signed for an answer. */
async function exampleOf({ authority, caId, questionsWithNonce }: Responder): Promise<Uint8Array> {
  const { der } = await authority.answerOcsp(caId, questionsWithNonce[0] as Uint8Array)
  const response = parseOcspResponse(der)
  if (response.status !== 'successful') throw new Error(response.status)
  return response.basic.tbsDer
}

function answering(name: string, { authority, caId }: Responder, questions: readonly Uint8Array[]) {
  let asked = 0
  const run = async (n: number): Promise<void> => {
    for (let i = 0; i < n; i++)
      await authority.answerOcsp(caId, questions[asked++ % questions.length] as Uint8Array)
  }
  return { name, run }
}
