/** The look of the authority's pages, in light and dark. */
export const style = `
:root {
  color-scheme: light dark;
  --ink: #1b1f27; --soft: #586072; --line: #d8dce5; --paper: #eef1f6; --card: #ffffff; --hover: #f3f6fc;
  --accent: #1a5fb4; --accent-ink: #ffffff; --face: #dfe8f7; --face-ink: #1a4a8a; --bad: #a8201a; --good: #1b6e3c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8eaf0; --soft: #a9b1c2; --line: #363d4b; --paper: #14171d; --card: #1d222b; --hover: #262d39;
    --accent: #8ab4f8; --accent-ink: #0c1a2e; --face: #2a3a55; --face-ink: #b9d2fb; --bad: #ff9d95; --good: #7fd6a0;
  }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 16px; padding: 24px 16px; font: 16px/1.5 system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif; color: var(--ink); background: var(--paper); }
main { width: 100%; max-width: 440px; padding: 36px; background: var(--card); border: 1px solid var(--line); border-radius: 6px; box-shadow: 0 2px 10px rgb(0 0 0 / 8%); }
.directory { display: flex; align-items: center; gap: 9px; margin: 0 0 20px; font-weight: 600; color: var(--soft); }
.directory svg { width: 22px; height: 22px; flex: none; color: var(--accent); }
.stand-in { max-width: 440px; margin: 0; padding: 0 12px; font-size: 0.8125rem; text-align: center; color: var(--soft); }
h1 { margin: 0 0 4px; font-size: 1.5rem; line-height: 1.3; font-weight: 600; }
p { margin: 0 0 16px; }
main > :last-child { margin-bottom: 0; }
.soft { color: var(--soft); }
.bad { color: var(--bad); overflow-wrap: anywhere; }
ul { list-style: none; margin: 0; padding: 0; }
.people { margin: 0 -36px; border-top: 1px solid var(--line); }
.people li { border-bottom: 1px solid var(--line); }
.person { display: flex; align-items: center; gap: 14px; width: 100%; text-align: left; }
.people .person { padding: 12px 36px; font: inherit; color: inherit; background: none; border: 0; cursor: pointer; }
.people .person:hover { background: var(--hover); }
.face { display: grid; place-items: center; flex: none; width: 40px; height: 40px; border-radius: 50%; font-size: 0.875rem; font-weight: 600; background: var(--face); color: var(--face-ink); }
.who { flex: 1; min-width: 0; line-height: 1.35; }
.who strong, .who span { display: block; overflow-wrap: anywhere; }
.who strong { font-weight: 600; }
.who span { font-size: 0.875rem; color: var(--soft); }
.tag { flex: none; font-size: 0.8125rem; font-weight: 600; color: var(--good); }
.chosen { margin: 0 0 20px; padding: 10px 14px; border: 1px solid var(--line); border-radius: 6px; }
.search { display: flex; gap: 8px; margin: 0 0 16px; }
.search input { flex: 1; min-width: 0; min-height: 40px; padding: 6px 10px; font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--soft); border-radius: 4px; }
.count { margin: 12px 0 0; font-size: 0.875rem; color: var(--soft); }
.wanted { margin: 0 0 20px; padding: 0 0 0 20px; list-style: disc; }
.actions { display: flex; flex-direction: row-reverse; justify-content: flex-start; gap: 10px; margin: 24px 0 0; }
.button { display: inline-flex; align-items: center; justify-content: center; min-height: 40px; min-width: 104px; padding: 6px 16px; font: inherit; font-weight: 600; text-decoration: none; color: var(--accent-ink); background: var(--accent); border: 1px solid transparent; border-radius: 4px; cursor: pointer; }
.button.quiet { color: var(--ink); background: transparent; border-color: var(--line); }
.button:hover { filter: brightness(1.08); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.people .person:focus-visible { outline-offset: -3px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0; font-size: 0.8125rem; color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 480px) {
  main { padding: 26px 20px; }
  .people { margin: 0 -20px; }
  .people .person { padding: 12px 20px; }
  .search .button { min-width: 0; }
}
`
