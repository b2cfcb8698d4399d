/** The one style sheet of the pages; the Content-Security-Policy allows it by its hash and nothing else. */
export const style = `
:root { color-scheme: light dark; --text: #1c2430; --quiet: #55606f; --line: #cfd6de; --page: #f5f7f9; --panel: #fff;
  --accent: #1f5fbf; --warn: #8a4b08 }
@media (prefers-color-scheme: dark) { :root { --text: #e3e8ee; --quiet: #a2adbb; --line: #3a4553; --page: #12161c;
  --panel: #1a2028; --accent: #7db0ff; --warn: #e3a45c } }
* { box-sizing: border-box }
body { margin: 0; padding: 1.5rem 1rem 4rem; font: 16px/1.55 system-ui, sans-serif; color: var(--text);
  background: var(--page) }
main { max-width: 38rem; margin: 0 auto; padding: 1.5rem; background: var(--panel); border: 1px solid var(--line);
  border-radius: 10px }
h1 { margin: 0 0 1rem; font-size: 1.4rem; line-height: 1.3; overflow-wrap: anywhere }
h2 { margin: 1.5rem 0 .5rem; font-size: 1rem }
dl.facts { display: grid; grid-template-columns: minmax(0, auto) minmax(0, 1fr); gap: .2rem 1rem; margin: 0 }
dt { color: var(--quiet) }
dd { margin: 0; overflow-wrap: anywhere }
dl.meanings dt { float: left; clear: left; width: 7rem; color: inherit; font-weight: 600 }
dl.meanings dd { margin-left: 7rem }
.note { padding: .7rem .9rem; border-left: 4px solid var(--warn); background: var(--page) }
.quiet { color: var(--quiet) }
fieldset { margin: .8rem 0; padding: .6rem .9rem; border: 1px solid var(--line); border-radius: 8px; min-width: 0 }
legend { padding: 0 .4rem; font-weight: 600; overflow-wrap: anywhere }
.choices { display: flex; flex-wrap: wrap; gap: 0 1.2rem }
label { display: flex; align-items: center; gap: .5rem; min-height: 44px; cursor: pointer }
input { width: 1.15rem; height: 1.15rem; margin: 0; accent-color: var(--accent) }
.depth1 { margin-left: 1rem } .depth2 { margin-left: 2rem } .depth3 { margin-left: 3rem }
.buttons { display: grid; grid-template-columns: 1fr 1fr; gap: .8rem; margin-top: 1.2rem }
button { min-height: 48px; padding: .5rem 1rem; font: inherit; font-weight: 600; color: var(--text);
  background: var(--page); border: 2px solid var(--line); border-radius: 8px; cursor: pointer }
button:hover { border-color: var(--accent) }
a { color: var(--accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
@media (max-width: 28rem) { .buttons, dl.facts { grid-template-columns: minmax(0, 1fr) } dl.facts dd { margin-bottom: .4rem } }
`
