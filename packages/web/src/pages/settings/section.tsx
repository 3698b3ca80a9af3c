import { Button, Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

const ROW = 32;
const MOST_ROWS = 8;

/** One of several tables of a page, as high as its rows up to eight. */
export function Section({
  title,
  notice,
  rows,
  add,
  actions,
  children,
}: {
  readonly title: string;
  /** What has to be said above it. */
  readonly notice: ReactNode;
  readonly rows: number;
  readonly add?: { readonly label: string; readonly act: () => void; readonly disabled?: boolean };
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section aria-label={title}>
      <Group mb="xs" gap="md">
        <Title order={2}>{title}</Title>
        {add !== undefined && (
          <Button size="xs" onClick={add.act} disabled={add.disabled === true}>
            {add.label}
          </Button>
        )}
        {actions}
      </Group>
      {notice}
      <div style={{ height: rows === 0 ? undefined : (Math.min(rows, MOST_ROWS) + 1) * ROW + 8 }}>
        {children}
      </div>
    </section>
  );
}

/** The one table of a page, below what is said of it and what can be done with it, as high as there is room. */
export function WholeSection({
  notice,
  add,
  about,
  actions,
  children,
}: {
  /** What has to be said above it. */
  readonly notice: ReactNode;
  readonly add?: { readonly label: string; readonly act: () => void };
  readonly about?: string | undefined;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div style={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      {notice}
      {about !== undefined && (
        <Text size="sm" pb="sm">
          {about}
        </Text>
      )}
      {(add !== undefined || actions !== undefined) && (
        <Group gap="md" mb="sm" style={{ flex: 'none' }}>
          {add !== undefined && (
            <Button size="xs" onClick={add.act}>
              {add.label}
            </Button>
          )}
          {actions}
        </Group>
      )}
      <div style={{ flex: 1, minHeight: 0 }}>{children}</div>
    </div>
  );
}
