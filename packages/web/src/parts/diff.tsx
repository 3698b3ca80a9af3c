import { Scroll } from './scroll.tsx';
import { Written } from './written.tsx';

type Kind = 'same' | 'added' | 'removed' | 'gap';
interface Line {
  readonly id: number;
  readonly kind: Kind;
  /** Number of the line: in the old text where it is removed, else in the new one. */
  readonly number: number | undefined;
  readonly text: string;
}

const SIGNS: Readonly<Record<Kind, string>> = { same: ' ', added: '+', removed: '−', gap: '' };
const SPOKEN: Readonly<Partial<Record<Kind, string>>> = { added: 'added: ', removed: 'removed: ' };

/** The lines of a unified diff, without the names of its files. */
export function diffLines(patch: string): readonly Line[] {
  const lines: Line[] = [];
  let [before, after] = [0, 0];
  for (const text of patch.replace(/\n$/, '').split('\n')) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(text);
    const id = lines.length;
    if (hunk !== null) {
      [before, after] = [Number(hunk[1]), Number(hunk[2])];
      lines.push({ id, kind: 'gap', number: undefined, text: '' });
    } else if (id === 0 || text.startsWith('\\')) continue;
    else if (text.startsWith('-')) lines.push({ id, kind: 'removed', number: before++, text: text.slice(1) });
    else {
      const kind = text.startsWith('+') ? 'added' : 'same';
      if (kind === 'same') before++;
      lines.push({ id, kind, number: after++, text: text.slice(1) });
    }
  }
  return lines.slice(1);
}

/** A change of a text: what is removed and added by sign as well as by colour. */
export function Diff({ patch, label }: { readonly patch: string; readonly label: string }) {
  return (
    <Scroll label={label} className="yaml">
      {diffLines(patch).map(({ id, kind, number, text }) => (
        <div key={id} className="yaml-line" data-diff={kind}>
          <span className="yaml-number">{number ?? '…'}</span>
          <span className="diff-sign" aria-hidden>
            {SIGNS[kind]}
          </span>
          <span>
            <span className="spoken">{SPOKEN[kind]}</span>
            <Written>{text}</Written>
          </span>
        </div>
      ))}
    </Scroll>
  );
}
