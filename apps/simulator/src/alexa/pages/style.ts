/** The Alexa app's look: one accent, quiet surfaces, light and dark. Served as a file because pages allow no inline style. */
export const alexaStyle = `
:root {
  --page: #e9eef3; --surface: #ffffff; --raised: #f5f8fa; --ink: #14202b; --muted: #566573; --line: #dbe3ea;
  --accent: #06708f; --on-accent: #ffffff; --accent-soft: #e0f3f9;
  --good: #14734a; --good-soft: #e2f5ec; --bad: #b42323; --bad-soft: #fdeaea; --warn: #855800; --warn-soft: #fdf3dc;
  --frame: #10161c; --shadow: 0 24px 60px -24px rgb(20 32 43 / 35%), 0 2px 8px rgb(20 32 43 / 8%);
  color-scheme: light;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0b1117; --surface: #141c24; --raised: #1b2530; --ink: #e9eff5; --muted: #9aabba; --line: #2a3744;
    --accent: #55c7ea; --on-accent: #04212c; --accent-soft: #10303d;
    --good: #5fd39b; --good-soft: #12301f; --bad: #ff8f8a; --bad-soft: #3a1716; --warn: #f0be5c; --warn-soft: #33270c;
    --frame: #2a3744; --shadow: 0 24px 60px -24px rgb(0 0 0 / 70%);
    color-scheme: dark;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif;
}
h1, h2, h3, p, ul, dl, dd { margin: 0; padding: 0; }
ul { list-style: none; }
small { font-size: 13px; line-height: 1.4; }
svg { width: 24px; height: 24px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
code { font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.muted { color: var(--muted); }
.centred { text-align: center; }

.strip { padding: 6px 16px; text-align: center; font-size: 12.5px; color: var(--muted); background: var(--raised); border-bottom: 1px solid var(--line); }
.strip b { color: var(--accent); letter-spacing: .02em; }
.strip span::before { content: "·"; margin: 0 6px; }

.phone { background: var(--surface); }
.bar { display: flex; align-items: center; gap: 8px; padding: 6px 8px; border-bottom: 1px solid var(--line); background: var(--surface); }
.bar h1 { flex: 1; text-align: center; font-size: 17px; font-weight: 650; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.back { display: grid; place-items: center; width: 44px; height: 44px; color: var(--ink); border-radius: 50%; flex: none; }
a.back:hover { background: var(--raised); }
main { padding: 20px 20px 28px; display: grid; gap: 16px; align-content: start; }
.heading { font-size: 14px; font-weight: 650; color: var(--muted); margin-bottom: -8px; }
.footnote { font-size: 13px; }

.hero { display: flex; gap: 16px; align-items: center; }
.hero h2 { font-size: 22px; line-height: 1.2; letter-spacing: -.01em; margin-bottom: 4px; }
.icon { display: grid; place-items: center; width: 46px; height: 46px; border-radius: 13px; color: #fff; font-weight: 700; font-size: 21px; flex: none; }
.icon.large { width: 76px; height: 76px; border-radius: 21px; font-size: 35px; }
.hue-0 { background: linear-gradient(140deg, #f7a23b, #d9541e); } .hue-1 { background: linear-gradient(140deg, #3cb9a5, #0d6f7a); }
.hue-2 { background: linear-gradient(140deg, #7c86f0, #4038b0); } .hue-3 { background: linear-gradient(140deg, #e8759a, #a82a67); }
.hue-4 { background: linear-gradient(140deg, #5ba7ee, #1f56ad); } .hue-5 { background: linear-gradient(140deg, #8fc04a, #3d7a24); }
.state { display: flex; align-items: center; gap: 6px; font-weight: 600; font-size: 15px; }
.state svg { width: 20px; height: 20px; stroke-width: 2.6; }
.state.good { color: var(--good); } .state.bad { color: var(--bad); }

.button {
  display: block; width: 100%; min-height: 50px; padding: 12px 20px; border-radius: 25px; text-align: center; text-decoration: none;
  font: inherit; font-weight: 650; color: var(--ink); background: transparent; border: 1.5px solid var(--line); cursor: pointer;
}
.button:hover { background: var(--raised); }
.button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.button.primary:hover { filter: brightness(1.08); }
form { display: grid; gap: 14px; }
.card { border: 1px solid var(--line); border-radius: 16px; padding: 16px; background: var(--surface); }
.card h3 { font-size: 15px; margin-bottom: 8px; }
.note { padding: 12px 14px; border-radius: 12px; font-size: 14px; background: var(--accent-soft); }
.latest { display: flex; align-items: center; gap: 12px; color: inherit; text-decoration: none; } .latest span { flex: 1; } .latest svg { width: 18px; height: 18px; }
.note.good { background: var(--good-soft); } .note.warn { background: var(--warn-soft); } .note.bad { background: var(--bad-soft); }

.options summary { font-weight: 600; cursor: pointer; }
.options label { display: grid; grid-template-columns: 24px 1fr; gap: 0 10px; align-items: center; margin-top: 14px; cursor: pointer; }
.options input { width: 20px; height: 20px; margin: 0; accent-color: var(--accent); }
.options small { grid-column: 2; color: var(--muted); }

.list { border: 1px solid var(--line); border-radius: 16px; overflow: hidden; }
.list li + li { border-top: 1px solid var(--line); }
.row {
  display: flex; align-items: center; gap: 14px; width: 100%; min-height: 64px; padding: 11px 16px; text-align: left; text-decoration: none;
  font: inherit; color: var(--ink); background: var(--surface); border: 0; cursor: pointer;
}
.row:not(div, :disabled):hover { background: var(--raised); }
div.row { cursor: default; }
.row:disabled { opacity: .5; cursor: not-allowed; }
.row:focus-visible { outline-offset: -3px; border-radius: 14px; }
.row .text { flex: 1; min-width: 0; display: grid; }
.row b { font-weight: 600; overflow-wrap: anywhere; } .row small { color: var(--muted); }
.row svg { width: 18px; height: 18px; color: var(--muted); flex: none; }
.row.danger b { color: var(--bad); }

.tag { flex: none; padding: 2px 9px; border-radius: 10px; font-size: 12px; font-weight: 650; line-height: 1.5; background: var(--raised); color: var(--muted); white-space: nowrap; }
.tag.pass { background: var(--good-soft); color: var(--good); } .tag.fail { background: var(--bad-soft); color: var(--bad); } .tag.warn { background: var(--warn-soft); color: var(--warn); }

progress { width: 100%; height: 8px; appearance: none; border: 0; border-radius: 4px; overflow: hidden; background: var(--raised); }
progress::-webkit-progress-bar { background: var(--line); }
progress::-webkit-progress-value { background: var(--accent); }
progress::-moz-progress-bar { background: var(--accent); }
.age { font-size: 14px; margin: 2px 0 10px; } .age span { color: var(--muted); }
.facts { display: grid; grid-template-columns: auto 1fr; gap: 5px 16px; font-size: 14px; }
.facts dt { color: var(--muted); } .facts dd { text-align: right; min-width: 0; }
.chip { padding: 1px 7px; border-radius: 6px; background: var(--raised); border: 1px solid var(--line); }

.outcome { display: grid; justify-items: center; gap: 10px; text-align: center; padding: 28px 0 8px; }
.outcome h2 { font-size: 22px; line-height: 1.3; letter-spacing: -.01em; text-wrap: balance; }
.outcome p { color: var(--muted); }
.badge { display: grid; place-items: center; width: 84px; height: 84px; border-radius: 50%; margin-bottom: 8px; }
.badge svg { width: 44px; height: 44px; stroke-width: 2.4; }
.good .badge { background: var(--good-soft); color: var(--good); } .bad .badge { background: var(--bad-soft); color: var(--bad); }
.finding-card { display: grid; gap: 6px; font-size: 14px; }
.rule { overflow-wrap: anywhere; }

.behind { padding: 24px 20px 40px; }
.behind h2 { font-size: 18px; margin-bottom: 2px; }
.behind > .muted { font-size: 14px; margin-bottom: 14px; }
.behind .facts { grid-template-columns: 1fr; gap: 0; }
.behind .facts dt { font-size: 13px; } .behind .facts dd { text-align: left; margin-bottom: 10px; } .behind .facts dd:last-child { margin: 0; }
.run { border: 1px solid var(--line); border-left: 4px solid var(--good); border-radius: 12px; background: var(--surface); padding: 14px 16px; margin-bottom: 12px; scroll-margin-top: 12px; }
.run.bad { border-left-color: var(--bad); }
.run h3 { display: flex; align-items: center; gap: 10px; font-size: 15px; }
.run h3 span { flex: 1; } .run time { font-size: 12.5px; font-weight: 400; color: var(--muted); font-variant-numeric: tabular-nums; }
.findings { display: flex; flex-wrap: wrap; gap: 6px 18px; margin: 10px 0; font-size: 14px; }
.findings li { display: flex; gap: 7px; align-items: baseline; min-width: 0; } .findings li.fail, .findings li.warn { flex-basis: 100%; }
.findings .tag { padding: 0 7px; flex-basis: auto; }
.findings span { min-width: 0; overflow-wrap: anywhere; }
.findings small { display: block; color: var(--muted); }
.exchange { border-top: 1px solid var(--line); }
.exchange summary { display: flex; align-items: baseline; gap: 10px; padding: 8px 0; cursor: pointer; font-size: 14px; }
.exchange summary::before { content: "›"; color: var(--muted); font-weight: 700; width: 10px; } .exchange[open] summary::before { transform: rotate(90deg); }
.exchange summary::-webkit-details-marker { display: none; }
.exchange:last-child summary { padding-bottom: 2px; }
.exchange:first-child { border-top: 0; } .exchange:first-child summary { padding-top: 2px; }
.exchange .what { flex: 1; min-width: 0; } .exchange .what small { display: block; color: var(--warn); }
.exchange .end { white-space: nowrap; font-variant-numeric: tabular-nums; } .ms { color: var(--muted); font-size: 13px; }
.status.good { color: var(--good); } .status.bad { color: var(--bad); }
.wire { margin: 0 0 10px 20px; padding: 10px 12px; background: var(--raised); border-radius: 9px; }
.wire dt { font-size: 12px; font-weight: 600; color: var(--muted); } .wire dt + dd + dt { margin-top: 8px; }
.wire code { display: block; } .wire .json { white-space: pre-wrap; } .wire i { font-style: normal; color: var(--accent); }

@media (min-width: 900px) {
  .stage { display: flex; justify-content: center; align-items: flex-start; gap: 44px; padding: 36px 32px; }
  .phone { width: 390px; min-height: 760px; flex: none; border-radius: 40px; overflow: hidden; box-shadow: var(--shadow); outline: 9px solid var(--frame); position: sticky; top: 36px; }
  .bar { padding-top: 16px; }
  .behind { flex: 1; max-width: 620px; min-width: 0; padding: 6px 0 0; }
}
@media (max-width: 899px) {
  .behind { border-top: 1px solid var(--line); }
  .stage:not(.wide) .phone { min-height: calc(100vh - 34px); }
}
`;
