import { CloseButton, Group, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { Scroll } from './scroll.tsx';

/** Detail beside a list. Opening it does not take the focus away from the row; Escape closes it from anywhere. */
export function SidePanel({
  title,
  onClose,
  children,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) close.current();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <aside aria-label={title} className="side-panel">
      <Group px="lg" py="md" gap="sm" wrap="nowrap" justify="space-between" align="flex-start">
        <Title order={2}>{title}</Title>
        <CloseButton onClick={onClose} aria-label="Close" />
      </Group>
      <Scroll label="Details" style={{ flex: 1, padding: '0 16px 16px' }}>
        {children}
      </Scroll>
    </aside>
  );
}
