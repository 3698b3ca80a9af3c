import { addressOf, ROUTES } from '@bulwark/api';
import { Button, Group, SegmentedControl, Text, TextInput } from '@mantine/core';
import { useView } from '../../app/use-view.ts';
import type { View } from '../../data/view.ts';
import { ExportMenu } from '../../parts/export-menu.tsx';

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
  const { q, sort, move, cluster, namespace } = view;
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
      <ExportMenu
        address={(format) =>
          addressOf(
            ROUTES.exportComparison,
            {},
            { format, what, from, to, q, sort, move, cluster, namespace },
          )
        }
      />
    </Group>
  );
}
