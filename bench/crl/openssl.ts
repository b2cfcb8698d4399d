import { execFileSync, spawn } from 'node:child_process'
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Row } from '../measure.js'
import { nameOf, rowOf } from './row-in-child.js'
import { octetsAt } from '../status-log/entries.js'

const configuration = `[ca]
default_ca = bench
[bench]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 7
crl_extensions = crl
[crl]
authorityKeyIdentifier = keyid
`

/** `openssl ca -gencrl` from its text database: read, sort, encode, sign, write as PEM. One run, start included. */
export async function opensslRow(entries: number): Promise<Row> {
  const name = nameOf('openssl ca -gencrl', entries)
  process.stderr.write(`crl: ${name}\n`)
  const folder = mkdtempSync(join(tmpdir(), 'certwright-bench-'))
  try {
    writeFileSync(join(folder, 'ca.cnf'), configuration)
    writeFileSync(join(folder, 'crlnumber'), '01\n')
    writeIndex(join(folder, 'index.txt'), entries)
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'ca.key']
    const request = ['req', '-x509', ...newKey, '-out', 'ca.pem', '-subj', '/CN=Bench Root', '-days', '30']
    execFileSync('openssl', request, { cwd: folder, stdio: 'ignore' })
    const before = performance.now()
    const files = ['-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-out', 'crl.pem']
    const { peakRssMb, cpuMicros } = await watch('openssl', ['ca', '-gencrl', ...files], folder)
    const ms = Math.round(performance.now() - before)
    const megabytes = Math.round(statSync(join(folder, 'crl.pem')).size / 1e4) / 100
    return rowOf(name, { ms, cpuMicrosPerOp: cpuMicros, rounds: 1, peakRssMb, figures: { megabytes } })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function writeIndex(path: string, entries: number): void {
  const file = openSync(path, 'w')
  for (let i = 0; i < entries; ) {
    let lines = ''
    for (const end = Math.min(i + 10_000, entries); i < end; i++) {
      const serialNumber = Buffer.from(octetsAt(i)).toString('hex').toUpperCase()
      lines += `R\t270101000000Z\t260101000000Z,keyCompromise\t${serialNumber}\tunknown\t/CN=${i}.example.org\n`
    }
    writeSync(file, lines)
  }
  closeSync(file)
}

/** Linux tells what a process has used while it lives; of its last moments we see what was there 20 ms before. */
async function watch(program: string, args: readonly string[], cwd: string) {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const seen = { peakRssMb: 0, cpuMicros: 0 }
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      const peakKilobytes = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0)
      seen.peakRssMb = Math.max(seen.peakRssMb, Math.round(peakKilobytes / 1024))
      // Behind the program's name in parentheses: user and system time are the 12th and 13th field, in hundredths.
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      seen.cpuMicros = Math.max(seen.cpuMicros, (Number(fields[11]) + Number(fields[12])) * 10_000)
    } catch {
      // It has ended between two looks, or this is no Linux.
    }
  }, 20)
  const code = await new Promise((resolve) => child.on('close', resolve))
  clearInterval(timer)
  if (code !== 0) throw new Error(`openssl ca -gencrl failed: ${errors}`)
  return seen
}
