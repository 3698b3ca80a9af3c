import { addressOf, ROUTES } from '@bulwark/api';
import { Button, Group, SegmentedControl, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useHistoryBegins } from '../../app/use-history.ts';
import { useView } from '../../app/use-view.ts';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { DAY, spansBack } from '../../parts/history.ts';
import { minuteOf } from '../../parts/moment.tsx';

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

/** Sets the two moments, what of them is compared, and takes the answer away. */
export function SpanBar({ from, to }: { readonly from: string; readonly to: string | undefined }) {
  const [view, setView] = useView();
  const { q, sort, move, cluster, namespace } = view;
  const begins = useHistoryBegins();
  const end = view.asOf === undefined ? Date.now() : Date.parse(view.asOf);
  const what = view.by === 'findings' ? 'findings' : 'objects';
  const [noMoment, setNoMoment] = useState<'from' | 'to'>();
  const field = (part: 'from' | 'to') => ({
    isNone: noMoment === part,
    onTake: (at: string | undefined | null) => {
      setNoMoment((before) => (at === undefined ? part : before === part ? undefined : before));
      // What is open stays, and is compared anew.
      if (typeof at === 'string') setView({ [part]: at });
    },
  });
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
      <MomentField label="First moment" at={from} {...field('from')} />
      <Text size="sm" className="quiet">
        to
      </Text>
      <MomentField label="Second moment" at={to ?? new Date().toISOString()} {...field('to')} />
      {/* What is typed before is taken at the press of a button: none of them may come or go then, or the click is lost. */}
      <Button
        size="xs"
        variant="default"
        // Disabled for the eye only, as it keeps the focus.
        aria-disabled={view.to === undefined}
        {...(view.to === undefined && { 'data-disabled': true })}
        onClick={() => view.to !== undefined && setView({ to: undefined })}
      >
        to now
      </Button>
      {spansBack(BACK, end, begins).map(({ name, from }) => (
        <Button key={name} size="xs" variant="default" onClick={() => setView({ from, to: undefined })}>
          {name}
        </Button>
      ))}
      {begins !== undefined && Date.parse(begins) < end && (
        <Button size="xs" variant="default" onClick={() => setView({ from: begins, to: undefined })}>
          from the beginning
        </Button>
      )}
      <ExportMenu
        address={(format) =>
          addressOf(
            ROUTES.exportComparison,
            {},
            { format, what, from, to, q, sort, move, cluster, namespace },
          )
        }
      />
      {begins !== undefined && (
        <Text size="sm" className="quiet">
          The history begins {minuteOf(begins)}.
        </Text>
      )}
      {noMoment !== undefined && (
        <Text size="sm" role="alert" c="var(--high)">
          There is no such moment.
        </Text>
      )}
    </Group>
  );
}

/**
 * A moment that is typed. Each key makes another one of it, most of which nobody means: it is taken with Enter, or when the
 * field is left. Escape gives back the one that was there.
 */
function MomentField({
  label,
  at,
  isNone,
  onTake,
}: {
  readonly label: string;
  /** RFC 3339. */
  readonly at: string;
  /** Whether what was typed last is no moment, such as one of the 30th of February. */
  readonly isNone: boolean;
  /** Undefined for what is no moment; null for what was there before. */
  readonly onTake: (at: string | undefined | null) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const take = () => {
    if (typed === undefined) return;
    const moment = new Date(typed);
    // What cannot be taken stays, to be put right.
    if (Number.isNaN(moment.getTime())) {
      onTake(undefined);
      return;
    }
    setTyped(undefined);
    onTake(typed === toLocal(at) ? null : moment.toISOString());
  };
  return (
    <TextInput
      type="datetime-local"
      size="xs"
      aria-label={label}
      error={isNone}
      value={typed ?? toLocal(at)}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
        if (event.key !== 'Escape' || typed === undefined) return;
        // One key closes one thing: a panel stays.
        event.preventDefault();
        setTyped(undefined);
        onTake(null);
      }}
    />
  );
}
