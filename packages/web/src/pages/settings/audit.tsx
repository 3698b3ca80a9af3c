import type { AuditItem } from '@bulwark/api';
import { Group } from '@mantine/core';
import { useView } from '../../app/use-view.ts';
import { useHubList } from '../../data/use-hub.ts';
import { CutList } from '../../parts/cut-list.tsx';
import { ListExport } from '../../parts/export-menu.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Notice } from '../../parts/notice.tsx';
import { SidePanel } from '../../parts/side-panel.tsx';
import { Message } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';
import { WithPanel } from '../../parts/with-panel.tsx';

/** What was changed in the hub, by whom. */
export function Audit() {
  const { result, answer, items, onEnd } = useHubList('listAudit', {});
  const [{ open }, setView] = useView();
  const notice = <Notice of={answer} what="the audit log" />;
  if (answer.data === undefined) return notice;
  if (items.length === 0) return <Message title="Nobody has changed anything yet." />;
  const opened = items.find(({ id }) => String(id) === open);
  return (
    <div style={{ display: 'flex', flexDirection: 'column', height: '100%' }}>
      <Group justify="flex-end" pb="xs">
        <ListExport list="listAudit" query={{}} />
      </Group>
      {notice}
      <CutList result={result} />
      <WithPanel
        panel={
          open === undefined ? null : opened === undefined ? (
            <NoEntry onClose={() => setView({ open: undefined })} />
          ) : (
            <Entry entry={opened} onClose={() => setView({ open: undefined })} />
          )
        }
      >
        <Table
          label="Audit log"
          items={items}
          keyOf={({ id }) => String(id)}
          open={open}
          onOpen={({ id }) => setView({ open: String(id) })}
          onEnd={onEnd}
          columns={[
            { id: 'at', title: 'When', width: 80, cell: ({ at }) => <Moment at={at} /> },
            {
              id: 'actor',
              title: 'Who',
              width: 160,
              cell: ({ actor }) => <span title={actor}>{actor}</span>,
            },
            { id: 'action', minor: 1, title: 'What', width: 200, cell: ({ action }) => action },
            { id: 'subject', title: 'On', cell: ({ subject }) => <span title={subject}>{subject}</span> },
            { id: 'outcome', minor: 2, title: 'Outcome', width: 90, cell: ({ outcome }) => outcome },
            { id: 'address', minor: 3, title: 'From', width: 140, cell: ({ address }) => address },
          ]}
        />
      </WithPanel>
    </div>
  );
}

/** Said of an address of an entry that the page does not have, or not yet. */
function NoEntry({ onClose }: { readonly onClose: () => void }) {
  return (
    <SidePanel title="Entry" onClose={onClose}>
      <Message title="It is not among the newest entries.">Further down the list older ones come.</Message>
    </SidePanel>
  );
}

/** One entry in full: a row has no room for a long one. */
function Entry({ entry, onClose }: { readonly entry: AuditItem; readonly onClose: () => void }) {
  const { at, actor, action, subject, outcome, address } = entry;
  return (
    <SidePanel title={action} onClose={onClose}>
      <Facts
        facts={[
          ['When', at],
          ['Who', actor],
          ['On', subject],
          ['Outcome', outcome],
          ['From', address ?? 'not known'],
        ]}
      />
    </SidePanel>
  );
}
