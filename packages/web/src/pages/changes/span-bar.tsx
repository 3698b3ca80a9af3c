import { Button, Group, Menu, SegmentedControl, Text, TextInput } from '@mantine/core';
import { useView } from '../../app/use-view.ts';
import type { View } from '../../data/view.ts';

const DAY = 86_400_000;
const BACK = [
  ['since yesterday', DAY],
  ['7 days', 7 * DAY],
  ['30 days', 30 * DAY],
] as const;

/** A moment as `datetime-local` has it: local, to the minute. */
function toLocal(iso: string): string {
  const moment = new Date(iso);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The moment some days before that of the clock, by the minute: what is asked for twice within one is answered once. */
export function ago(milliseconds: number, { asOf }: Pick<View, 'asOf'>): string {
  const end = asOf === undefined ? Date.now() : Date.parse(asOf);
  return new Date(Math.floor((end - milliseconds) / 60_000) * 60_000).toISOString();
}

/** Sets the two moments, what of them is compared, and takes the answer away. */
export function SpanBar({ from, to }: { readonly from: string; readonly to: string | undefined }) {
  const [view, setView] = useView();
  const what = view.by === 'findings' ? 'findings' : 'objects';
  const set = (key: 'from' | 'to', local: string) => {
    const moment = new Date(local);
    if (!Number.isNaN(moment.getTime())) setView({ [key]: moment.toISOString(), open: undefined });
  };
  return (
    <Group px="md" pb="xs" gap="sm">
      <SegmentedControl
        size="xs"
        aria-label="What is compared"
        value={what}
        onChange={(by) => setView({ by, q: undefined, sort: undefined, move: undefined, open: undefined })}
        data={[
          { value: 'objects', label: 'Objects' },
          { value: 'findings', label: 'Findings' },
        ]}
      />
      {what === 'findings' && (
        <SegmentedControl
          size="xs"
          aria-label="Which findings"
          value={view.move ?? 'both'}
          onChange={(move) => setView({ move: move === 'both' ? undefined : move, open: undefined })}
          data={[
            { value: 'both', label: 'Both' },
            { value: 'came', label: 'Came' },
            { value: 'went', label: 'Went' },
          ]}
        />
      )}
      <TextInput
        type="datetime-local"
        size="xs"
        aria-label="First moment"
        value={toLocal(from)}
        onChange={(event) => set('from', event.currentTarget.value)}
      />
      <Text size="sm" className="quiet">
        to
      </Text>
      <TextInput
        type="datetime-local"
        size="xs"
        aria-label="Second moment"
        value={toLocal(to ?? new Date().toISOString())}
        onChange={(event) => set('to', event.currentTarget.value)}
      />
      {to !== undefined && (
        <Button size="xs" variant="default" onClick={() => setView({ to: undefined, open: undefined })}>
          to now
        </Button>
      )}
      {BACK.map(([name, length]) => (
        <Button
          key={name}
          size="xs"
          variant="default"
          onClick={() => setView({ from: ago(length, view), to: undefined, open: undefined })}
        >
          {name}
        </Button>
      ))}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="xs" variant="default">
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(['csv', 'jsonl'] as const).map((format) => (
            <Menu.Item key={format} component="a" href={address({ format, what, from, to })} download>
              {format === 'csv' ? 'CSV, for a spreadsheet' : 'JSON lines, for a program'}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );

  function address(
    more: Readonly<Record<'format' | 'what' | 'from', string>> & { readonly to: string | undefined },
  ) {
    const { q, sort, cluster, namespace, move } = view;
    const parts = { ...more, q, sort, move, namespace, cluster: cluster?.toString() };
    const given = Object.entries(parts).filter((part): part is [string, string] => part[1] !== undefined);
    return `/api/v1/compare/export?${new URLSearchParams(given).toString()}`;
  }
}
