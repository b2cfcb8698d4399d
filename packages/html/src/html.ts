/** Markup that may go into the page as it is. Only `html` and `join` make one. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = Html | string | number | undefined

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] as string)

/** A template whose values are escaped unless they are markup already: safe in text and in quoted attributes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((text, string, index) => `${text}${render(parts[index - 1])}${string}`))
}

export const join = (parts: readonly Html[]): Html => new Html(parts.map(({ text }) => text).join(''))

function render(part: Part): string {
  if (part === undefined) return ''
  return part instanceof Html ? part.text : escape(String(part))
}
