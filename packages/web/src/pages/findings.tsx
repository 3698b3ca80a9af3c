import type { FindingItem } from '@bulwark/api';
import { GROUPINGS } from '@bulwark/api';
import { Box, Group, SegmentedControl } from '@mantine/core';
import { asked, useView } from '../app/use-view.ts';
import { useHubList } from '../data/use-hub.ts';
import { useClusterColumn } from '../parts/cluster-column.tsx';
import { CutList } from '../parts/cut-list.tsx';
import { ListExport } from '../parts/export-menu.tsx';
import { Heading } from '../parts/heading.tsx';
import { Moment } from '../parts/moment.tsx';
import { OwnerName } from '../parts/names.tsx';
import { nothingFound } from '../parts/nothing-found.ts';
import { Emptiness } from '../parts/nothing-seen.tsx';
import { Notice } from '../parts/notice.tsx';
import { SeverityMark } from '../parts/severity.tsx';
import { Message } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { TwoLines } from '../parts/two-lines.tsx';
import { LaterClusters } from '../parts/unknown-moment.tsx';
import { WithPanel } from '../parts/with-panel.tsx';
import { askedInGroups, FindingGroups } from './findings/finding-groups.tsx';
import { FindingPanel } from './findings/finding-panel.tsx';
import { TriageBar } from './findings/triage-bar.tsx';
import { useActs } from './findings/use-acts.tsx';
import { type Choice, findingKey, useChoice } from './findings/use-choice.ts';
import { ViewBar } from './findings/view-bar.tsx';
import { Refusal } from './settings/refusal.tsx';

const COLUMNS: readonly Column<FindingItem>[] = [
  {
    id: 'severity',
    title: 'Sev',
    width: 60,
    sort: 'severity',
    cell: ({ severity }) => <SeverityMark severity={severity} />,
  },
  {
    id: 'message',
    title: 'Finding',
    least: 420,
    cell: ({ title, message }) => (
      <TwoLines first={<strong>{title}</strong>} second={message} title={`${title}: ${message}`} />
    ),
  },
  {
    id: 'object',
    minor: 0.2,
    title: 'Object',
    width: 220,
    sort: 'name',
    cell: ({ resource: { kind, namespace, name } }) => {
      const place = namespace === '' ? kind : `${kind} in ${namespace}`;
      return <TwoLines first={name} second={place} title={`${name}, ${place}`} />;
    },
  },
  {
    id: 'owner',
    minor: 2,
    title: 'Owner, state',
    width: 150,
    sort: 'owner',
    cell: (finding) => <TwoLines first={<OwnerName owner={finding.owner} />} second={standing(finding)} />,
  },
  {
    id: 'age',
    minor: 1,
    title: 'Age',
    width: 64,
    sort: 'first-seen',
    cell: ({ firstSeen }) => <Moment at={firstSeen} />,
  },
];

/** What was decided about a finding, or who works on it; nothing where it is just open. */
function standing({ state, assignee, deferredUntil, requested }: FindingItem): string {
  if (state !== 'open') return state;
  if (deferredUntil !== null) return 'deferred';
  if (assignee !== null) return `${assignee} is on it`;
  if (requested === null) return '';
  return requested.refusedBy === null ? 'exception asked for' : 'exception refused';
}

/** All findings that a query finds, one by one or in groups. */
export function Page() {
  const [view, setView] = useView();
  const by = GROUPINGS.find((each) => each === view.by);
  const list = useHubList('listFindings', asked(view));
  const choice = useChoice(view);
  const { result, total } = list;
  const { dialog, fix } = useActs(by === undefined ? list.items : [], choice);
  const [cluster, fingerprint] = view.open?.split('.') ?? [];
  const panel = cluster !== undefined && fingerprint !== undefined && (
    <FindingPanel
      cluster={Number(cluster)}
      fingerprint={fingerprint}
      asOf={view.asOf}
      fix={fix}
      onClose={() => setView({ open: undefined })}
    />
  );
  return (
    <WithPanel panel={panel}>
      <Group px="md" pt="md" pb="xs" gap="sm">
        <Heading title="Findings" total={total} isKnown={list.first !== undefined} />
        <div style={{ flex: 1 }} />
        <SegmentedControl
          size="xs"
          aria-label="Group by"
          value={by ?? 'none'}
          onChange={(value) => setView({ by: value === 'none' ? undefined : value })}
          data={[
            { value: 'none', label: 'Each' },
            ...GROUPINGS.map((value) => ({ value, label: `By ${value}` })),
          ]}
        />
        {by === undefined ? (
          <ListExport list="listFindings" query={asked(view)} />
        ) : (
          <ListExport list="groupFindings" query={askedInGroups(view, by)} />
        )}
      </Group>
      <ViewBar />
      <LaterClusters />
      {choice.chosen !== undefined && (
        <TriageBar
          chosen={choice.chosen}
          total={total}
          onAll={choice.chooseAll}
          isLooking={choice.isLooking}
          lookFailed={choice.lookFailed}
          onDone={choice.clear}
        />
      )}
      {choice.chosen === undefined && choice.lookFailed !== null && (
        <Group px="md" pb="xs">
          <Refusal error={choice.lookFailed} />
        </Group>
      )}
      {by === undefined && <Above list={list} />}
      <div style={{ flex: 1, minHeight: 0, opacity: result.isPlaceholderData ? 0.6 : 1 }}>
        {by === undefined ? <Findings list={list} choice={choice} /> : <FindingGroups by={by} />}
      </div>
      {dialog}
    </WithPanel>
  );
}

type List = ReturnType<typeof useHubList<'listFindings'>>;

/** What has to be said of findings that are shown one by one. */
function Above({ list: { result, answer } }: { readonly list: List }) {
  return (
    <>
      <Box px="md">{answer.data !== undefined && <Notice of={answer} what="findings" />}</Box>
      <CutList result={result} />
    </>
  );
}

const NOTHING_OPEN = { title: 'Nothing is open.', text: 'Coverage says what was not seen.' } as const;
const OTHER_STATES = 'Resolved and accepted findings are found with state:resolved and state:excepted.';

interface FindingsProps {
  readonly list: List;
  readonly choice: Choice;
}

/** The findings one by one, in every state in which the list can be. */
function Findings({ list: { answer, items, total, onEnd }, choice }: FindingsProps) {
  const [view, setView] = useView();
  const columns = useClusterColumn(COLUMNS, items);
  if (answer.data === undefined) return <Notice of={answer} what="findings" />;
  if (items.length === 0) {
    const narrowed = nothingFound(view);
    const isOfState = view.q?.includes('state:') === true;
    const { title, text } = narrowed ?? NOTHING_OPEN;
    return (
      <Emptiness>
        <Message title={title}>{narrowed === undefined || isOfState ? text : OTHER_STATES}</Message>
      </Emptiness>
    );
  }
  return (
    <Table
      label={`Findings, ${total ?? 'very many'}`}
      lines={2}
      columns={columns}
      items={items}
      keyOf={findingKey}
      open={view.open}
      chosen={choice.keys}
      onOpen={(item) => setView({ open: findingKey(item) })}
      {...(choice.isAllowed && {
        onChoose: choice.choose,
        onChooseAll: choice.isAll ? choice.clear : choice.chooseAll,
        isAllChosen: choice.isAll,
      })}
      sort={view.sort}
      onSort={(sort) => setView({ sort })}
      onEnd={onEnd}
    />
  );
}
