import type { CSSProperties, ReactNode } from 'react';

/** A part that scrolls on its own, and so has to be reached by keyboard (WCAG 2.1.1). */
export function Scroll({
  label,
  className = 'scroll',
  style,
  children,
}: {
  readonly label: string;
  readonly className?: string;
  readonly style?: CSSProperties;
  readonly children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard (WCAG 2.1.1)
    <section className={className} style={style} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
