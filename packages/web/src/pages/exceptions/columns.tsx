import type { ExceptionItem } from '@bulwark/api';
import { Counts } from '../../parts/counts.tsx';
import { Moment } from '../../parts/moment.tsx';
import type { Column } from '../../parts/table.tsx';
import { TwoLines } from '../../parts/two-lines.tsx';
import { Acts } from './acts.tsx';
import { coverOf, Standing } from './words.tsx';

const QUIET_END = 'no end';

/** What is shown of each exception in the list. */
export function columnsOf(onError: (error: Error | null) => void): readonly Column<ExceptionItem>[] {
  return [
    {
      id: 'state',
      title: 'State',
      width: 96,
      sort: 'state',
      cell: (item) => (
        <TwoLines
          first={<Standing item={item} />}
          second={item.state === 'active' && item.waiting > 0 ? `${item.waiting} wait` : ''}
        />
      ),
    },
    {
      id: 'scope',
      title: 'Covers',
      least: 240,
      cell: (item) => (
        <TwoLines
          first={coverOf(item)}
          second={item.request === null ? `made here, number ${item.id ?? ''}` : item.request.control}
          title={item.request === null ? coverOf(item) : `${coverOf(item)}: ${item.request.control}`}
        />
      ),
    },
    {
      id: 'covers',
      title: 'Findings',
      width: 112,
      sort: 'severity',
      cell: ({ counts }) => <Counts counts={counts} />,
    },
    {
      id: 'reason',
      minor: 1,
      title: 'Reason',
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
      width: 130,
      sort: 'until',
      cell: ({ owner, until }) => <TwoLines first={owner ?? 'nobody'} second={until ?? QUIET_END} />,
    },
    {
      id: 'from',
      minor: 5,
      title: 'Who and where',
      width: 230,
      cell: ({ createdBy, request }) => (
        <TwoLines
          first={createdBy ?? <span className="quiet">unknown</span>}
          second={request === null ? 'in the hub' : request.annotation}
          {...(request !== null && { title: request.annotation })}
        />
      ),
    },
    {
      id: 'since',
      minor: 4,
      title: 'Since',
      width: 64,
      sort: 'id',
      cell: ({ createdAt }) => (createdAt === null ? '' : <Moment at={createdAt} />),
    },
    {
      id: 'act',
      minor: 2,
      title: 'Act',
      width: 160,
      cell: (item) => <Acts item={item} onError={onError} />,
    },
  ];
}
