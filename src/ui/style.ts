/** The one style sheet, served as a file: colours and measures first, then what is made of them. */
export const style = `
:root {
  color-scheme: light dark;
  --ink: #1d2433; --soft: #566074; --faint: #8a93a6; --line: #d9dee8; --edge: #bcc4d3; --paper: #f4f6fa; --card: #ffffff; --field: #ffffff;
  --accent: #2456d6; --accent-ink: #ffffff; --accent-soft: #e6edfd;
  --danger: #b3261e; --danger-soft: #fdeceb; --good: #1b6e3c; --good-soft: #e7f5ec;
  --round: 10px; --gap: 16px;
  --font: ui-sans-serif, system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8ebf2; --soft: #aab2c5; --faint: #7d869a; --line: #343b4c; --edge: #4a5368; --paper: #12161f; --card: #1b212d; --field: #141924;
    --accent: #86a8ff; --accent-ink: #0d1526; --accent-soft: #24304d;
    --danger: #ff9c94; --danger-soft: #3a2022; --good: #7fd6a0; --good-soft: #17301f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 var(--font); color: var(--ink); background: var(--paper); }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 12px; letter-spacing: -0.01em; text-wrap: balance; }
h2 { font-size: 1.05rem; margin: 32px 0 8px; }
p { margin: 0 0 var(--gap); text-wrap: pretty; }
strong { unicode-bidi: isolate; }
a { color: var(--accent); }
small, .soft { color: var(--soft); font-size: 0.875rem; }
.door { min-height: 100vh; display: grid; place-items: center; padding: 24px 16px; }
.card { width: 100%; max-width: 420px; background: var(--card); border: 1px solid var(--line); border-radius: 16px; padding: 32px; overflow-wrap: anywhere; box-shadow: 0 1px 2px rgb(0 0 0 / 4%), 0 12px 32px rgb(20 30 60 / 6%); }
.card.wide { max-width: 720px; }
.card > :last-child, .card > :last-child > :last-child { margin-bottom: 0; }
.brand { display: flex; align-items: center; gap: 10px; margin: 0 0 24px; font-weight: 650; letter-spacing: -0.01em; }
.brand svg { width: 28px; height: 28px; flex: none; margin-left: -2px; color: var(--accent); }
label { display: block; font-weight: 550; font-size: 0.9375rem; margin: 0 0 6px; }
input[type='text'], input[type='password'] { width: 100%; min-height: 44px; padding: 8px 12px; font: inherit; color: var(--ink); background: var(--field); border: 1px solid var(--faint); border-radius: var(--round); }
input[aria-invalid='true'] { border-color: var(--danger); }
input[aria-invalid='true'] + small { color: var(--danger); }
.field { margin: 0 0 var(--gap); }
.sign-in:has([name='entra']:checked) .local { display: none; }
.tick { display: flex; align-items: center; gap: 10px; min-height: 44px; margin: 0 0 var(--gap); cursor: pointer; }
.tick input { width: 20px; height: 20px; margin: 0; accent-color: var(--accent); }
.field small { display: block; margin-top: 6px; }
button, .button { display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-height: 44px; padding: 8px 18px; font: inherit; font-weight: 600; border-radius: var(--round); border: 1px solid transparent; background: var(--accent); color: var(--accent-ink); cursor: pointer; text-decoration: none; }
button.quiet, .button.quiet { background: transparent; color: var(--ink); border-color: var(--edge); }
button.danger { background: transparent; color: var(--danger); border-color: var(--edge); }
button:hover, .button:hover { filter: brightness(1.06); }
.card:not(.wide) > .button, .card:not(.wide) > form > button { width: 100%; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
input:focus-visible:not([type='checkbox']) { outline-offset: -1px; }
input[aria-invalid='true']:focus-visible { outline-color: var(--danger); }
.note { padding: 12px 14px; margin: 0 0 var(--gap); border-radius: var(--round); background: var(--accent-soft); }
.note.bad { background: var(--danger-soft); color: var(--danger); }
.note.good { background: var(--good-soft); color: var(--good); }
.rows { list-style: none; margin: 0 0 var(--gap); padding: 0; border: 1px solid var(--line); border-radius: var(--round); }
.rows li { display: flex; gap: var(--gap); align-items: center; justify-content: space-between; padding: 12px 14px; border-top: 1px solid var(--line); }
.rows li:first-child { border-top: 0; }
.rows strong { display: block; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 6px 20px; margin: 0 0 var(--gap); }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; }
.facts.small { grid-template-columns: 1fr; gap: 0; font-size: 0.8125rem; }
.facts.small dd { margin: 0 0 8px; }
.row { display: flex; gap: 12px; align-items: center; justify-content: space-between; margin: 0 0 var(--gap); }
.row form, .rows form, .tag { flex: none; }
.row h1 { margin: 0; }
.foot { margin: 24px 0 0; padding: 20px 0 0; border-top: 1px solid var(--line); }
.foot .row { flex-wrap: wrap; }
.foot .row > * { flex: auto; }
.foot .row button { width: 100%; }
.tag { font-size: 0.8125rem; font-weight: 600; color: var(--good); }
@media (max-width: 480px) { .card { padding: 24px 20px; border-radius: 14px; } .row, .rows li { flex-wrap: wrap; } .facts { grid-template-columns: 1fr; gap: 0; } .facts dd { margin: 0 0 10px; } .facts > :last-child { margin: 0; } }
`
