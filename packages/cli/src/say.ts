import { printable } from './printable.js'

/** For people, on stderr: stdout belongs to what the command prints. */
export const note = (sentence: string): void => say(sentence)

export const warn = (sentence: string): void => say(`warning: ${sentence}`)

function say(sentence: string): void {
  process.stderr.write(`certwright: ${printable(sentence)}\n`)
}
