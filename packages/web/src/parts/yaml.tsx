import { useEffect, useRef } from 'react';
import { Scroll } from './scroll.tsx';
import { Written } from './written.tsx';

/** A text with line numbers, and the line that matters marked and in view. */
export function Yaml({
  text,
  line,
  label,
}: {
  readonly text: string;
  readonly line?: number | null;
  readonly label: string;
}) {
  const marked = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text or line is another place
  useEffect(() => {
    const box = marked.current?.parentElement;
    if (marked.current !== null && box)
      box.scrollTop = marked.current.offsetTop - box.offsetTop - box.clientHeight / 2;
  }, [text, line]);
  return (
    <Scroll label={label} className="yaml">
      {text.split('\n').map((content, index) => {
        const isMarked = index + 1 === line;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
          <div key={index} className="yaml-line" data-marked={isMarked} ref={isMarked ? marked : undefined}>
            <span className="yaml-number">{index + 1}</span>
            <span>
              <Written>{content}</Written>
            </span>
          </div>
        );
      })}
    </Scroll>
  );
}
