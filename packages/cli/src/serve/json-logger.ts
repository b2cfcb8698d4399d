import type { Logger } from '@certwright/http'

/** One line of JSON an event, with the fields as the handler gives them: it never hands over secrets. */
export function jsonLogger(out: NodeJS.WritableStream): Logger {
  const write =
    (level: string) =>
    (fields: Readonly<Record<string, unknown>>, message: string): void => {
      const line = { time: new Date().toISOString(), level, message, ...fields }
      out.write(`${JSON.stringify(line, describeErrors)}\n`)
    }
  return { info: write('info'), warn: write('warn'), error: write('error') }
}

/** An Error has nothing that JSON would show. */
function describeErrors(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value
  const { name, message, stack, cause } = value
  return { name, message, stack, cause }
}
