import { addressOf, ROUTES } from '@bulwark/api';
import { queryForValues } from '@bulwark/core';
import { Box, Button, Group, Stack, Text, Title } from '@mantine/core';
import { placeOf, useView } from '../app/use-view.ts';
import { useHub } from '../data/use-hub.ts';
import { ListExport } from '../parts/export-menu.tsx';
import { FindingsLink } from '../parts/names.tsx';
import { NothingSeen, useUnseen } from '../parts/nothing-seen.tsx';
import { Notice } from '../parts/notice.tsx';
import { Message } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { TwoLines } from '../parts/two-lines.tsx';
import { LaterClusters } from '../parts/unknown-moment.tsx';

const COLORS: Readonly<Record<string, string>> = {
  pass: 'var(--good)',
  fail: 'var(--high)',
  error: 'var(--high)',
  manual: 'var(--low)',
  excepted: 'var(--medium)',
};

/** What there is something to do about comes first; what is met comes last. */
const ORDER: Readonly<Record<string, number>> = {
  fail: 0,
  error: 1,
  manual: 2,
  'not-checked': 3,
  excepted: 4,
  pass: 5,
};

function worstFirst<T extends { readonly verdict: string }>(requirements: readonly T[]): readonly T[] {
  return requirements.toSorted((a, b) => rankOf(a.verdict) - rankOf(b.verdict));
}

function inWords(verdict: string): string {
  return verdict.replace('-', ' ');
}

function rankOf(verdict: string): number {
  return ORDER[verdict] ?? 3;
}

/** The report of what is shown, as of the moment that is shown: to read and print, and for programs. */
function Exports({ id }: { readonly id: string }) {
  const [view] = useView();
  return (
    <Group gap="xs" role="group" aria-label="Export for an auditor">
      <Text size="sm" className="quiet">
        Export for an auditor
      </Text>
      {(['html', 'json'] as const).map((format) => (
        <Button
          key={format}
          size="xs"
          variant="default"
          component="a"
          download
          href={addressOf(ROUTES.exportFramework, { id }, { ...placeOf(view), format })}
          aria-label={`Export for an auditor as ${format.toUpperCase()}`}
        >
          {format.toUpperCase()}
        </Button>
      ))}
    </Group>
  );
}

/** Whether anything decided a requirement of it: without, a row of requirements that are not checked says nothing. */
function isJudged({ counts }: { readonly counts: Readonly<Record<string, number>> }): boolean {
  return ['pass', 'fail', 'error', 'excepted'].some((verdict) => (counts[verdict] ?? 0) > 0);
}

/** How far each framework is met; what was not checked is said and never counts as met. */
export function Page() {
  const [view, setView] = useView();
  const found = useHub('listFrameworks', { query: placeOf(view) });
  const { data } = found;
  const unseen = useUnseen();
  const notice = <Notice of={found} what="frameworks" isPage />;
  if (data === undefined) return notice;
  if (unseen !== undefined && !data.items.some(isJudged)) return <NothingSeen unseen={unseen} isPage />;
  const open = data.items.find(({ id }) => id === view.open) ?? data.items[0];
  if (open === undefined) return <Message title="There is no framework." isPage />;
  return (
    <div style={{ display: 'flex', minHeight: 0, flex: 1 }}>
      <Stack
        w={230}
        gap={4}
        p="md"
        style={{ borderRight: '1px solid var(--line)', overflow: 'auto' }}
        component="nav"
        aria-label="Frameworks"
      >
        <Title order={1}>Frameworks</Title>
        {notice}
        {data.items.map(({ id, title, version, counts, checked }) => (
          <button
            key={id}
            type="button"
            className="queue-row"
            style={{ display: 'block', padding: 8 }}
            aria-current={id === open.id}
            onClick={() => setView({ open: id })}
          >
            <Text size="sm" fw={600}>
              {title} {version}
            </Text>
            <Verdicts counts={counts} />
            <Text size="xs" className="quiet number">
              {checked.toFixed(0)} % of it has a verdict
            </Text>
          </button>
        ))}
      </Stack>
      <Requirements id={open.id} />
    </div>
  );
}

function Verdicts({ counts }: { readonly counts: Readonly<Record<string, number>> }) {
  return (
    <Group gap="0 8px" className="number" fz="sm">
      {Object.entries(counts)
        .filter(([, amount]) => amount > 0)
        .toSorted(([a], [b]) => rankOf(a) - rankOf(b))
        .map(([verdict, amount]) => (
          <span key={verdict} style={{ color: COLORS[verdict] ?? 'var(--quiet)' }}>
            {amount} {inWords(verdict)}
          </span>
        ))}
    </Group>
  );
}

function Requirements({ id }: { readonly id: string }) {
  const [view] = useView();
  const found = useHub('getFramework', {
    params: { id },
    query: placeOf(view),
  });
  const { data, isPlaceholderData } = found;
  const notice = <Notice of={found} what="the framework" />;
  if (data === undefined) return notice;
  return (
    <div
      aria-busy={isPlaceholderData}
      style={{
        flex: 1,
        minWidth: 0,
        display: 'flex',
        flexDirection: 'column',
        opacity: isPlaceholderData ? 0.6 : 1,
      }}
    >
      <Group p="md" justify="space-between">
        <Title order={2}>
          {data.title} {data.version}
        </Title>
        <Group gap="md">
          <Exports id={id} />
          <ListExport list="getFramework" params={{ id }} query={placeOf(view)} />
        </Group>
      </Group>
      <LaterClusters />
      <Box px="md">{notice}</Box>
      <div style={{ flex: 1, minHeight: 0 }}>
        <Table
          label={data.title}
          lines={2}
          items={worstFirst(data.requirements)}
          keyOf={(requirement) => requirement.id}
          columns={[
            {
              id: 'verdict',
              title: 'Verdict',
              width: 110,
              cell: ({ verdict }) => (
                <span style={{ color: COLORS[verdict] ?? 'var(--quiet)', fontWeight: 600 }}>
                  {inWords(verdict)}
                </span>
              ),
            },
            {
              id: 'title',
              title: 'Requirement',
              least: 320,
              cell: ({ id, title, reason }) => {
                const below = reason === null ? id : `${id}: ${reason}`;
                return <TwoLines first={title} second={below} title={`${title}\n${below}`} />;
              },
            },
            {
              id: 'findings',
              title: 'Findings',
              width: 90,
              isNumber: true,
              cell: ({ findings, controls }) =>
                findings === 0 ? (
                  ''
                ) : (
                  <FindingsLink q={queryForValues({ control: controls })}>{findings}</FindingsLink>
                ),
            },
            {
              id: 'owners',
              minor: 1,
              title: 'Teams',
              width: 200,
              cell: ({ owners }) => {
                const [worst, ...others] = owners.map(
                  ({ spellings, findings }) => `${spellings.join(', ') || 'nobody'} ${findings}`,
                );
                return (
                  <TwoLines first={worst} second={others.join(', ')} title={[worst, ...others].join(', ')} />
                );
              },
            },
          ]}
        />
      </div>
    </div>
  );
}
