import { Box, Switch } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { asked, useView } from '../app/use-view.ts';
import { useHubList } from '../data/use-hub.ts';
import { useReturn } from '../data/use-return.ts';
import { ListExport } from '../parts/export-menu.tsx';
import { nothingFound } from '../parts/nothing-found.ts';
import { NothingSeen, useUnseen } from '../parts/nothing-seen.tsx';
import { Notice } from '../parts/notice.tsx';
import { focusPanel, SidePanel } from '../parts/side-panel.tsx';
import { Loading, Message } from '../parts/states.tsx';
import { LaterClusters } from '../parts/unknown-moment.tsx';
import { QueuePanel } from './queue/queue-panel.tsx';
import { Row } from './queue/row.tsx';
import { Summary } from './queue/summary.tsx';
import { useTaking } from './queue/taking.ts';
import { useQueueKeys } from './queue/use-queue-keys.tsx';
import { Refusal } from './settings/refusal.tsx';

/** What to do first: one row for each root cause, with the reason of its rank. */
export function Page() {
  const [view, setView] = useView();
  const isMine = view.mine === 'yes';
  const query = { ...asked(view), ...(isMine && { mine: 'true' }) };
  const { result, answer, items, first } = useHubList('getQueue', query);
  useReturn(view.asOf === undefined ? first?.deferred?.next : undefined, () => void result.refetch());
  const unseen = useUnseen();
  const rows = useRef<HTMLDivElement>(null);
  const open = items.find(({ id }) => id === view.open);
  const taking = useTaking();
  const acts = useQueueKeys(items, rows, taking);
  const failed = taking.error ?? acts.error;
  const notice = <Notice of={answer} what="the queue" isPage />;
  if (first === undefined) return notice;
  if (first.open === 0 && unseen !== undefined) return <NothingSeen unseen={unseen} isPage />;
  return (
    <div style={{ display: 'flex', minHeight: 0, flex: 1 }}>
      <div style={{ flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column' }}>
        <Summary queue={first}>
          <Switch
            size="xs"
            label="Mine only"
            checked={isMine}
            onChange={(event) => setView({ mine: event.currentTarget.checked ? 'yes' : undefined })}
            styles={{ root: { flex: 'none' } }}
          />
          <ListExport list="getQueue" query={query} />
        </Summary>
        <LaterClusters />
        <Box px="md">{notice}</Box>
        {acts.dialog}
        {open === undefined && failed !== null && (
          <div style={{ padding: '0 12px 8px' }}>
            <Refusal error={failed} />
          </div>
        )}
        <div ref={rows} className="scroll queue" style={{ flex: 1, borderTop: '1px solid var(--line)' }}>
          {items.length === 0 ? <Empty isMine={isMine} isDeferred={first.deferred !== null} /> : <Heads />}
          <ul className="queue-list">
            {items.map((item) => (
              <Row
                key={item.id}
                item={item}
                taking={taking}
                isOpen={item.id === view.open}
                onOpen={() => {
                  if (item.id !== view.open || !focusPanel()) setView({ open: item.id });
                }}
              />
            ))}
          </ul>
        </div>
      </div>
      {open !== undefined && (
        <QueuePanel item={open} taking={taking} acts={acts} onClose={() => setView({ open: undefined })} />
      )}
      <NoRow isOpen={open === undefined} isKnown={!result.isPlaceholderData} />
    </div>
  );
}

/** Said where the address names what the queue does not have: it was done meanwhile, or was never there. */
function NoRow({ isOpen, isKnown }: { readonly isOpen: boolean; readonly isKnown: boolean }) {
  const [view, setView] = useView();
  if (!isOpen || view.open === undefined) return null;
  return (
    <SidePanel title="Nothing to do" onClose={() => setView({ open: undefined })}>
      {isKnown ? (
        <Message title="It is not in the queue.">
          It is mended, accepted or deferred by now, or what is looked at leaves it out.
        </Message>
      ) : (
        <Loading what="what to do" />
      )}
    </SidePanel>
  );
}

function Heads() {
  return (
    <div className="queue-row queue-head" aria-hidden="true">
      <span>Sev</span>
      <span>What to do first, and why</span>
      <span style={{ textAlign: 'right' }}>Points</span>
      <span className="wide">Owner</span>
      <span className="wide">Age</span>
      <span className="wide">On it</span>
    </div>
  );
}

function Empty({ isMine, isDeferred }: { readonly isMine: boolean; readonly isDeferred: boolean }) {
  const [view] = useView();
  const narrowed = nothingFound(view);
  if (isDeferred)
    return (
      <Message title="Everything here is deferred.">Each finding comes back when its time has come.</Message>
    );
  if (isMine)
    return (
      <Message title="Nobody has given you anything to do.">Turn off "Mine only" to see everything.</Message>
    );
  if (narrowed !== undefined) return <Message title={narrowed.title}>{narrowed.text}</Message>;
  return (
    <Message title="Nothing is open.">
      That is good where everything was seen. <Link to="/coverage">Coverage</Link> says what was not.
    </Message>
  );
}
