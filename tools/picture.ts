import { run } from '@bulwark/cli';

const COLUMNS = 112;
const LINE = 20;
const CHARACTER = 8.42;
const MARGIN = 18;

const PLAIN = '#e6edf3';
const FAINT = '#8b949e';

/** A colour of the 256-colour palette's cube and greys, as terminals show it. */
function paletteColor(index: number): string {
  if (index < 16) return PLAIN;
  if (index >= 232)
    return `rgb(${Array(3)
      .fill(8 + (index - 232) * 10)
      .join(',')})`;
  const cube = index - 16;
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  return `rgb(${[Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level).join(',')})`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

interface Style {
  readonly fill: string;
  readonly weight: 'normal' | 'bold';
}

const RESET: Style = { fill: PLAIN, weight: 'normal' };

/** The style after an escape sequence; what is shown inverse is shown in its colour. */
function apply(style: Style, codes: readonly string[]): Style {
  const color = codes.indexOf('38');
  const fill = color >= 0 ? paletteColor(Number(codes[color + 2])) : undefined;
  const rest = color >= 0 ? codes.toSpliced(color, 3) : codes;
  const base = rest.includes('0') || rest.includes('') ? RESET : style;
  return {
    fill: fill ?? (rest.includes('2') ? FAINT : base.fill),
    weight: rest.includes('1') ? 'bold' : base.weight,
  };
}

/** One line of terminal output as spans. */
function toSpans(line: string): string {
  let style = RESET;
  return line
    .split(/\u001b\[([\d;]*)m/)
    .map((part, index) => {
      if (index % 2 === 1) style = apply(style, part.split(';'));
      else if (part !== '')
        return `<tspan fill="${style.fill}" font-weight="${style.weight}">${escapeXml(part)}</tspan>`;
      return '';
    })
    .join('');
}

/** A picture, as SVG, of what a command prints on a dark terminal. */
export async function pictureOf(argv: readonly string[]): Promise<string> {
  let output = '';
  await run(argv, {
    version: '0.0.0',
    nodeVersion: process.version,
    write: (text) => {
      output += text;
    },
    writeError: () => undefined,
    readStdin: () => Promise.resolve(new Uint8Array()),
    cwd: process.cwd(),
    today: new Date().toISOString().slice(0, 10),
    env: { PATH: '' },
    columns: COLUMNS,
    isTerminal: true,
    isErrorTerminal: false,
    workerUrl: undefined,
    interrupted: async () => undefined,
  });
  const command = ['bulwark', ...argv].join(' ');
  const lines = [`$ ${command}`, '', ...output.trimEnd().split('\n')];
  const width = Math.ceil(COLUMNS * CHARACTER + 2 * MARGIN);
  const height = lines.length * LINE + 2 * MARGIN;
  const rows = lines.map((line, index) => {
    const y = MARGIN + (index + 0.75) * LINE;
    return `<text x="${MARGIN}" y="${y}" xml:space="preserve">${toSpans(line)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="What ${command} prints">
<rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
${rows.join('\n')}
</g>
</svg>
`;
}
