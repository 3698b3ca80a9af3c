import { createHash } from 'node:crypto';

/** The style of a report: to be read on a screen in light and dark, and to be printed. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#fff, #15171a); --line: light-dark(#dfe2e6, #31363d); --text: light-dark(#1b1e22, #e3e6ea);
  --faint: light-dark(#59616b, #9ca5b0); --bad: light-dark(#b3200e, #ff8a75); --good: light-dark(#226b3c, #7fd09b);
  --doubt: light-dark(#7d6200, #e6c65c); --accent: light-dark(#1a5fb4, #82b4ff);
}
* { box-sizing: border-box; }
body { max-width: 1440px; margin: 0 auto; padding: 16px 24px 40px; background: var(--ground); color: var(--text); font: 14px/20px system-ui, sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
h1 { font-size: 20px; line-height: 28px; margin: 0 0 8px; }
h2 { font-size: 16px; line-height: 24px; margin: 32px 0 8px; }
h3 { font-size: 14px; line-height: 20px; margin: 24px 0 8px; }
a { color: var(--accent); }
p { margin: 4px 0; }
table { width: 100%; border-collapse: collapse; font-size: 13px; }
th, td { text-align: left; vertical-align: top; padding: 4px 8px; border-bottom: 1px solid var(--line); }
th { color: var(--faint); font-weight: 600; }
tbody th { color: inherit; overflow-wrap: anywhere; }
code { overflow-wrap: anywhere; }
.n { text-align: right; }
.faint { color: var(--faint); }
.fail, .error, .lost { color: var(--bad); font-weight: 600; }
.pass { color: var(--good); font-weight: 600; }
.manual, .not-checked, .excepted { color: var(--doubt); font-weight: 600; }
pre { margin: 4px 0 0; white-space: pre-wrap; }
code, pre { font: 12px/20px ui-monospace, Menlo, Consolas, monospace; }
@media print { body { max-width: none; padding: 0; } thead { display: table-header-group; } tr { break-inside: avoid; } }
`;

/** Nothing is loaded from anywhere, and nothing runs. */
export const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;
