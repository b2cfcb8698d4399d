import { type Answer, type Api, storedCertificate } from './api.js'
import type { DoctorError, FinalState, StoredCertificate } from './ledger.js'
import { type Place, runCommand } from './victim.js'

/** Reads that one process answers in a minute: its limit is 600. */
const readsPerProcess = 500

/** Reads on their way at once. */
const readers = 8

/**
 * Everything that the store has, through the API and through the doctor.
 *
 * @param restart another process of the victim, whose limits are untouched
 */
export async function readFinalState(place: Place, restart: () => Promise<Api>): Promise<FinalState> {
  const ids = await listIds(await restart())
  const certificates: StoredCertificate[] = []
  for (let from = 0; from < ids.length; from += readsPerProcess) {
    certificates.push(...(await readCertificates(await restart(), ids.slice(from, from + readsPerProcess))))
  }
  return { certificates, doctor: await askDoctor(place) }
}

/** @returns without those that are not there */
export async function readCertificates(
  api: Api,
  ids: readonly string[],
): Promise<readonly StoredCertificate[]> {
  const queue = [...ids]
  const found: StoredCertificate[] = []
  const read = async (): Promise<void> => {
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      const answer = expected(await api.get(`/v1/certificates/${id}`), [200, 404])
      if (answer.status === 200) found.push(storedCertificate(answer))
    }
  }
  await Promise.all(Array.from({ length: readers }, read))
  return found
}

async function listIds(api: Api): Promise<readonly string[]> {
  const ids: string[] = []
  for (let page = 1, pages = 1; page <= pages; page++) {
    const { body } = expected(await api.get(`/v1/certificates?pageSize=100&page=${page}`), [200])
    ids.push(...(body.certificates ?? []).map(({ id }) => id))
    pages = body.totalPages ?? 0
  }
  return ids
}

function expected(answer: Answer | undefined, statuses: readonly number[]): Answer {
  if (answer === undefined) throw new Error('a victim that nobody has killed does not answer')
  if (statuses.includes(answer.status)) return answer
  throw new Error(`reading is answered with ${answer.status}: ${answer.body.error}`)
}

async function askDoctor(place: Place): Promise<readonly DoctorError[]> {
  const { stdout, stderr } = await runCommand(place, ['doctor', '--json'])
  if (stdout === '') throw new Error(`the doctor says nothing: ${stderr}`)
  const { findings } = JSON.parse(stdout) as { findings: readonly (DoctorError & { level: string })[] }
  return findings.filter(({ level }) => level === 'error')
}
