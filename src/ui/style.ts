/** The one style sheet, served as a file: colours and measures first, then what is made of them. */
export const style = `
:root {
  color-scheme: light dark;
  --ink: #1d2433; --soft: #566074; --faint: #8a93a6; --line: #d9dee8; --paper: #f4f6fa; --card: #ffffff;
  --accent: #2456d6; --accent-ink: #ffffff; --accent-soft: #e6edfd;
  --danger: #b3261e; --danger-soft: #fdeceb; --good: #1b6e3c; --good-soft: #e7f5ec;
  --round: 10px; --gap: 16px;
  --font: ui-sans-serif, system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8ebf2; --soft: #aab2c5; --faint: #7d869a; --line: #343b4c; --paper: #12161f; --card: #1b212d;
    --accent: #86a8ff; --accent-ink: #0d1526; --accent-soft: #24304d;
    --danger: #ff9c94; --danger-soft: #3a2022; --good: #7fd6a0; --good-soft: #17301f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 var(--font); color: var(--ink); background: var(--paper); }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 12px; letter-spacing: -0.01em; }
h2 { font-size: 1.05rem; margin: 32px 0 8px; }
p { margin: 0 0 var(--gap); }
a { color: var(--accent); }
small, .soft { color: var(--soft); font-size: 0.875rem; }
.door { min-height: 100vh; display: grid; place-items: center; padding: 24px 16px; }
.card { width: 100%; max-width: 420px; background: var(--card); border: 1px solid var(--line); border-radius: 16px; padding: 32px; box-shadow: 0 1px 2px rgb(0 0 0 / 4%), 0 12px 32px rgb(20 30 60 / 6%); }
.card.wide { max-width: 720px; }
.brand { display: flex; align-items: center; gap: 10px; margin: 0 0 24px; font-weight: 650; letter-spacing: -0.01em; }
.brand svg { width: 28px; height: 28px; flex: none; color: var(--accent); }
label { display: block; font-weight: 550; font-size: 0.9375rem; margin: 0 0 6px; }
input[type='text'], input[type='password'] { width: 100%; min-height: 44px; padding: 8px 12px; font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--faint); border-radius: var(--round); }
input[aria-invalid='true'] { border-color: var(--danger); }
.field { margin: 0 0 var(--gap); }
.field small { display: block; margin-top: 6px; }
button, .button { display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-height: 44px; padding: 8px 18px; font: inherit; font-weight: 600; border-radius: var(--round); border: 1px solid transparent; background: var(--accent); color: var(--accent-ink); cursor: pointer; text-decoration: none; }
button.quiet, .button.quiet { background: transparent; color: var(--ink); border-color: var(--line); }
button.danger { background: transparent; color: var(--danger); border-color: var(--line); }
button:hover, .button:hover { filter: brightness(1.06); }
.card > form > button:not(.danger) { width: 100%; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.note { padding: 12px 14px; margin: 0 0 var(--gap); border-radius: var(--round); background: var(--accent-soft); }
.note.bad { background: var(--danger-soft); color: var(--danger); }
.note.good { background: var(--good-soft); color: var(--good); }
.foot { margin: 24px 0 0; padding: 16px 0 0; border-top: 1px solid var(--line); }
.rows { list-style: none; margin: 0 0 var(--gap); padding: 0; border: 1px solid var(--line); border-radius: var(--round); }
.rows li { display: flex; gap: var(--gap); align-items: center; justify-content: space-between; padding: 12px 14px; border-top: 1px solid var(--line); flex-wrap: wrap; }
.rows li:first-child { border-top: 0; }
.rows strong { display: block; overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 6px 20px; margin: 0 0 var(--gap); }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.row { display: flex; gap: 12px; align-items: center; justify-content: space-between; flex-wrap: wrap; margin: 0 0 var(--gap); }
.row h1 { margin: 0; }
.tag { font-size: 0.8125rem; font-weight: 600; color: var(--good); }
@media (max-width: 480px) { .card { padding: 24px 20px; border-radius: 14px; } .facts { grid-template-columns: 1fr; gap: 0; } .facts dd { margin: 0 0 10px; } }
`
