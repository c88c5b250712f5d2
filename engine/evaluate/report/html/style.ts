/** The page's style: one set of colours by day and one by night. A system keeps its hue in both. */
export const STYLE = `
:root { color-scheme: light dark;
  --page: #f6f5f1; --card: #ffffff; --ink: #1d2230; --muted: #667085; --line: #e4e2da; --grid: #eceae3;
  --right: #1a7f4b; --wrong: #c2412d;
  --c0: #2b63d6; --c1: #d2622a; --c2: #14866b; --c3: #8e44ad; --c4: #b08900; --c5: #c93a72; --c6: #4b5a6b; --c7: #2797b8; }
@media (prefers-color-scheme: dark) { :root {
  --page: #12151c; --card: #1a1f29; --ink: #e8eaf0; --muted: #98a2b3; --line: #2b3240; --grid: #262c38;
  --right: #4cc38a; --wrong: #f07f6a;
  --c0: #7aa5ff; --c1: #f39a64; --c2: #52c7a5; --c3: #c79ae0; --c4: #e2bf4c; --c5: #f287ae; --c6: #a9b4c2; --c7: #6fcde6; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 40px 20px 64px; }
header { margin-bottom: 24px; }
h1 { font-size: 30px; line-height: 1.15; letter-spacing: -.02em; margin: 0 0 6px; }
h2 { font-size: 18px; letter-spacing: -.01em; margin: 0 0 2px; }
h3 { font-size: 14px; margin: 20px 0 8px; }
p { margin: 0; color: var(--muted); max-width: 72ch; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 22px 24px; margin-top: 18px; overflow-x: auto; }
section > p { margin-bottom: 14px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 14px; }
.tile { background: var(--card); border: 1px solid var(--line); border-top: 3px solid var(--c); border-radius: 14px; padding: 14px 18px; }
.tile b { display: block; font-size: 32px; line-height: 1.15; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.tile span { display: block; color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
.tile .name { color: var(--ink); font-weight: 600; font-size: 14px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-size: 12.5px; font-weight: 600; color: var(--muted); white-space: nowrap; }
th, td { padding: 7px 18px 7px 0; border-bottom: 1px solid var(--line); }
tr:last-child td { border-bottom: 0; }
td small { color: var(--muted); margin-left: 6px; white-space: nowrap; }
td.supported { font-weight: 650; }
.key { display: inline-block; width: 10px; height: 10px; border-radius: 3px; background: var(--c); margin-right: 7px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 13px; margin-bottom: 8px; }
svg { display: block; width: 100%; height: auto; font: 12px system-ui, 'Segoe UI', Roboto, Arial, sans-serif; }
svg text { fill: var(--muted); } svg text.strong { fill: var(--ink); }
.gridline { stroke: var(--line); } .axis { stroke: var(--muted); stroke-opacity: .7; } .band { fill: var(--grid); fill-opacity: .45; }
.curve { fill: none; stroke: var(--c); stroke-width: 2.2; stroke-linejoin: round; }
.whisker { stroke: var(--c); stroke-width: 2; stroke-opacity: .45; stroke-linecap: round; } .dot { fill: var(--c); }
.end, .middle { text-anchor: middle; } .end { text-anchor: end; }
details { margin-top: 14px; } summary { cursor: pointer; color: var(--muted); font-size: 13px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(380px, 1fr)); gap: 8px 36px; }
.strip { display: flex; gap: 10px; align-items: flex-start; padding: 10px 0; border-top: 1px solid var(--line); }
.strip:first-of-type { border-top: 0; }
figure { margin: 0; width: 92px; flex: none; font-size: 11.5px; line-height: 1.35; color: var(--muted); }
figure.query { width: 132px; padding-right: 14px; margin-right: 4px; border-right: 1px solid var(--line); }
figure.query b { color: var(--ink); font-size: 13px; }
.picture { height: 92px; border-radius: 8px; overflow: hidden; background: var(--grid); border: 2px solid transparent; display: flex; align-items: center; justify-content: center; text-align: center; font-size: 10px; overflow-wrap: anywhere; }
.query .picture { height: 116px; }
.picture img { width: 100%; height: 100%; object-fit: cover; display: block; }
.right .picture { border-color: var(--right); } .wrong .picture { border-color: var(--wrong); }
.right i { color: var(--right); } .wrong i { color: var(--wrong); } i { font-style: normal; font-weight: 700; }
.name-line { display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
${[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `.series-${n} { --c: var(--c${n}); }`).join('\n')}
`;
