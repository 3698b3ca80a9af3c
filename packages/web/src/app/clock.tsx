import { Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { DAY, spansBack } from '../parts/history.ts';
import { minuteOf, timeOf } from '../parts/moment.tsx';
import { useHistoryBegins } from './use-history.ts';
import { useView } from './use-view.ts';

const BACK = [
  ['an hour ago', 3_600_000],
  ['yesterday', DAY],
  ['a week ago', 7 * DAY],
] as const;

export interface ClockProps {
  /** When the hub was last heard, where it no longer is: what is shown is as of then. */
  readonly until: number | undefined;
}

/** Sets the moment as of which inventory and findings are shown. */
export function Clock({ until }: ClockProps) {
  const [view, setView] = useView();
  const begins = useHistoryBegins();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const [typed, setTyped] = useState('');
  const set = (moment: string | undefined) => {
    setView({ asOf: moment });
    close();
  };
  const label =
    view.asOf === undefined
      ? `as of ${until === undefined ? 'now' : timeOf(until)}`
      : `as of ${minuteOf(view.asOf)}`;
  return (
    <Popover opened={isOpen} onChange={close} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant={view.asOf === undefined ? 'default' : 'filled'}
          onClick={toggle}
          aria-expanded={isOpen}
          // The moment is never cut.
          style={{ flex: 'none' }}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm" w={260}>
          <Text size="sm" className="quiet">
            Show inventory and findings as they were.
            {begins !== undefined && ` The history begins ${minuteOf(begins)}.`}
          </Text>
          <Group gap="xs">
            {spansBack(BACK, Date.now(), begins).map(({ name, from }) => (
              <Button key={name} size="compact-sm" variant="default" onClick={() => set(from)}>
                {name}
              </Button>
            ))}
          </Group>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              const moment = new Date(typed);
              if (!Number.isNaN(moment.getTime())) set(moment.toISOString());
            }}
          >
            <Group gap="xs" align="flex-end">
              <TextInput
                type="datetime-local"
                label="Moment"
                required
                size="xs"
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
                style={{ flex: 1 }}
              />
              <Button type="submit" size="xs">
                Show
              </Button>
            </Group>
          </form>
          <Button
            size="xs"
            variant="default"
            disabled={view.asOf === undefined}
            onClick={() => set(undefined)}
          >
            Back to now
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
