import type { ExceptionItem } from '@bulwark/api';
import { Moment } from '../../parts/moment.tsx';
import { SeverityMark } from '../../parts/severity.tsx';
import type { Column } from '../../parts/table.tsx';
import { TwoLines } from '../../parts/two-lines.tsx';
import { lastActOf } from './acted.ts';
import { Acts } from './acts.tsx';
import { type Act, whatOf, whereOf, worstOf } from './cover.ts';
import { Standing } from './words.tsx';

const QUIET_END = 'no end';

/** What is shown of each exception in the list: what it covers and who asks stay where there is little room. */
export function columnsOf(onAct: (item: ExceptionItem, act: Act) => void): readonly Column<ExceptionItem>[] {
  return [
    {
      id: 'state',
      title: 'State, who, since',
      width: 204,
      sort: 'state',
      cell: (item) => <State item={item} />,
    },
    {
      id: 'covers',
      title: 'Covers',
      least: 280,
      sort: 'severity',
      cell: (item) => <Covers item={item} />,
    },
    {
      id: 'reason',
      minor: 2,
      title: 'Reason, advice',
      least: 200,
      cell: ({ reason, advice }) => (
        <TwoLines
          first={reason}
          second={<span style={{ color: 'var(--medium)' }}>{advice.join(' ')}</span>}
          title={[reason, ...advice].join('\n')}
        />
      ),
    },
    {
      id: 'owner',
      minor: 3,
      title: 'Owner, last day',
      width: 132,
      sort: 'until',
      cell: ({ owner, until }) => <TwoLines first={owner ?? 'nobody'} second={until ?? QUIET_END} />,
    },
    {
      id: 'act',
      minor: 1,
      title: 'Act',
      width: 168,
      cell: (item) => <Acts item={item} onAct={onAct} />,
    },
  ];
}

function State({ item }: { readonly item: ExceptionItem }) {
  const { at, by } = lastActOf(item);
  return (
    <TwoLines
      first={
        <>
          <Standing item={item} />
          {at !== null && (
            <>
              , <Moment at={at} />
            </>
          )}
        </>
      }
      second={by}
      title={by}
    />
  );
}

function Covers({ item }: { readonly item: ExceptionItem }) {
  const worst = worstOf(item.counts);
  const { state, waiting, covers } = item;
  const open = state === 'active' && waiting > 0 ? `${waiting} of ${covers} wait; ` : '';
  return (
    <TwoLines
      first={
        <>
          {worst !== undefined && (
            <>
              <SeverityMark severity={worst} />{' '}
            </>
          )}
          {whatOf(item)}
        </>
      }
      second={`${open}${whereOf(item)}`}
      title={`${whatOf(item)}\n${open}${whereOf(item)}`}
    />
  );
}
