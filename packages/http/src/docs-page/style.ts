/** The one style sheet of the page; the Content-Security-Policy allows it by its hash and nothing else. */
export const style = `
:root { color-scheme: light dark; --text: #1c2430; --quiet: #5b6675; --line: #dfe4ea; --page: #fff; --panel: #f5f7f9;
  --get: #0b6e4f; --post: #8a4b08; --accent: #1f5fbf }
@media (prefers-color-scheme: dark) { :root { --text: #e3e8ee; --quiet: #98a4b3; --line: #2d3642; --page: #12161c;
  --panel: #1a2028; --get: #4fc79b; --post: #e3a45c; --accent: #7db0ff } }
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--text); background: var(--page) }
.layout { display: grid; grid-template-columns: 17rem minmax(0, 1fr); max-width: 76rem; margin: 0 auto }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow: auto; padding: 2rem 1rem }
nav h2 { margin: 1.2rem 0 .3rem; font-size: .78rem; color: var(--quiet); text-transform: uppercase;
  letter-spacing: .05em; border: 0; padding: 0 }
nav a { display: block; padding: .15rem 0; color: inherit; font-size: .92rem; text-decoration: none }
nav a:hover { color: var(--accent) }
main { padding: 2rem 1.5rem 6rem }
h1 { margin: 0; font-size: 2rem }
h2 { margin: 3rem 0 0; padding-bottom: .4rem; border-bottom: 1px solid var(--line); font-size: 1.3rem }
h3 { margin: 0; font-size: 1.12rem }
h4 { margin: 1.2rem 0 .3rem; font-size: .9rem; color: var(--quiet) }
article { padding: 1.8rem 0 .8rem; border-bottom: 1px solid var(--line); scroll-margin-top: 1rem }
code, pre { font: .86rem/1.5 ui-monospace, monospace }
pre { margin: .4rem 0; padding: .8rem 1rem; overflow: auto; background: var(--panel); border: 1px solid var(--line);
  border-radius: 6px }
.place { margin: .3rem 0 .6rem; overflow-wrap: anywhere }
.method { font-weight: 700 }
.GET { color: var(--get) }
.POST { color: var(--post) }
.badge { margin-left: .5rem; padding: .05rem .45rem; border: 1px solid var(--line); border-radius: 9px;
  font-size: .75rem; font-weight: 400; color: var(--quiet) }
table { width: 100%; border-collapse: collapse; font-size: .92rem }
td, th { padding: .4rem .8rem .4rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top;
  overflow-wrap: anywhere }
th { width: 13rem; font-weight: 400 }
td.type { width: 11rem; color: var(--quiet) }
.quiet { color: var(--quiet) }
a { color: var(--accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
@media (max-width: 52rem) { .layout { display: block } nav { position: static; max-height: none; padding-bottom: 0 }
  th, td.type { width: auto } }
`
