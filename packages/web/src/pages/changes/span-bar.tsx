import { addressOf, ROUTES } from '@bulwark/api';
import { Button, Group, SegmentedControl, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
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
      <MomentField label="First moment" at={from} onTake={(at) => setView({ from: at, open: undefined })} />
      <Text size="sm" className="quiet">
        to
      </Text>
      <MomentField
        label="Second moment"
        at={to ?? new Date().toISOString()}
        onTake={(at) => setView({ to: at, open: undefined })}
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

/**
 * A moment that is typed. Each key makes another one of it, most of which nobody means: it is taken with Enter, or when the
 * field is left.
 */
function MomentField({
  label,
  at,
  onTake,
}: {
  readonly label: string;
  /** RFC 3339. */
  readonly at: string;
  readonly onTake: (at: string) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const take = () => {
    if (typed === undefined) return;
    setTyped(undefined);
    const moment = new Date(typed);
    if (typed !== toLocal(at) && !Number.isNaN(moment.getTime())) onTake(moment.toISOString());
  };
  return (
    <TextInput
      type="datetime-local"
      size="xs"
      aria-label={label}
      value={typed ?? toLocal(at)}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
      }}
    />
  );
}
