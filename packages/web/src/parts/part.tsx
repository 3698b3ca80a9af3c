import { Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

/** What was gone to: a panel that is opened again is read from its beginning. */
const GONE_TO = new WeakSet<object>();

/** A part of a panel with a heading, which may be gone to. */
export function Part({
  title,
  asked,
  children,
}: {
  readonly title: string;
  /** What makes it have the focus, each time that it is another. */
  readonly asked?: object | undefined;
  readonly children: ReactNode;
}) {
  const part = useRef<HTMLElement>(null);
  useEffect(() => {
    if (asked === undefined || GONE_TO.has(asked)) return;
    GONE_TO.add(asked);
    part.current?.focus();
  }, [asked]);
  return (
    <section ref={part} tabIndex={-1} aria-label={title} style={{ outlineOffset: 4 }}>
      <Title order={3} mb={4}>
        {title}
      </Title>
      {children}
    </section>
  );
}
