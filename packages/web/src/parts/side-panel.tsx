import { CloseButton, Group, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { Scroll } from './scroll.tsx';

/** Marks the row of what is open, in tables and in the queue. */
const OPEN_ROW = 'tr[aria-selected="true"], .queue-row[aria-current="true"]';

/** Puts the focus into the panel, from where it scrolls with the keyboard and its links are next; false without one. */
export function focusPanel(): boolean {
  const details = document.querySelector<HTMLElement>('.side-panel .scroll');
  details?.focus();
  return details !== null;
}

/**
 * Detail beside a list. Opening it does not take the focus away from the row; Enter on that row does. Escape closes it
 * from anywhere, and the focus is on the row again.
 */
export function SidePanel({
  title,
  isBefore = false,
  onClose,
  children,
}: {
  readonly title: string;
  /** Whether what it shows is still what was open before. */
  readonly isBefore?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const panel = useRef<HTMLElement>(null);
  const close = () => {
    if (panel.current?.contains(document.activeElement) === true)
      document.querySelector<HTMLElement>(OPEN_ROW)?.focus();
    onClose();
  };
  const now = useRef(close);
  now.current = close;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      // What lies over the panel is closed before it.
      if (document.querySelector('[role=dialog], [role=menu]') !== null) return;
      // What is being written in it would be lost: one Escape leaves the field, the next one the panel.
      if (event.target instanceof Element && event.target.matches('aside textarea, aside input')) {
        focusPanel();
        return;
      }
      now.current();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <aside ref={panel} aria-label={title} aria-busy={isBefore} className="side-panel">
      <Group px="lg" py="md" gap="sm" wrap="nowrap" justify="space-between" align="flex-start">
        <Title order={2}>{title}</Title>
        <CloseButton onClick={close} aria-label="Close" />
      </Group>
      <Scroll
        label="Details"
        style={{ flex: 1, padding: '0 16px 16px', opacity: isBefore ? 0.6 : undefined }}
      >
        {children}
      </Scroll>
    </aside>
  );
}
