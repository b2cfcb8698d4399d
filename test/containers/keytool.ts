import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/* Java's key store tool as a judge. It is large and not everywhere: where it is missing its tests are skipped by name. */

export const hasKeytool = (() => {
  try {
    execFileSync('keytool', ['-help'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

/** Run commands, one after the other, over one PKCS#12 in a directory of its own. */
export async function keytool(
  commands: readonly (readonly string[])[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<{ text: string; storeDer: Uint8Array }> {
  const directory = await mkdtemp(join(tmpdir(), 'certwright-keytool-'))
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content)
    let text = ''
    for (const args of commands) {
      text += await run(
        [...args, '-storetype', 'PKCS12', '-keystore', 'store.p12', '-storepass', 'secret1'],
        directory,
      )
    }
    return { text, storeDer: Uint8Array.from(await readFile(join(directory, 'store.p12'))) }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

const run = (args: readonly string[], cwd: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, LC_ALL: 'C', JAVA_TOOL_OPTIONS: '' }
    execFile('keytool', args, { cwd, env, timeout: 30_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`keytool ${args.join(' ')} failed:\n${stdout}${stderr}`))
    })
  })
