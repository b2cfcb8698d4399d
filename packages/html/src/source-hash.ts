/** The source expression that lets exactly this inline style sheet through a Content-Security-Policy (CSP3 §2.3.1). */
export async function sourceHash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`
}
