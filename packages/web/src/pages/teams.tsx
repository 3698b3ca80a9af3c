import type { TeamItem } from '@bulwark/api';
import { queryForValues, SEVERITIES } from '@bulwark/core';
import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { amount } from '../parts/amount.ts';
import { Counts } from '../parts/counts.tsx';
import { ListPage } from '../parts/list-page.tsx';
import { Moment } from '../parts/moment.tsx';
import { FindingsLink, OwnerName } from '../parts/names.tsx';
import { SeverityMark } from '../parts/severity.tsx';
import { TwoLines } from '../parts/two-lines.tsx';

// They come in their order, all at once.
const IN_ORDER = { sort: undefined };

/**
 * The first things that a team has to do, each with how long the oldest of it has been open. They lead to their rows in the queue
 * of what is theirs.
 */
function Top({ owner, top, findings }: Pick<TeamItem, 'owner' | 'top' | 'findings'>) {
  const isOpen = SEVERITIES.some((severity) => findings[severity] > 0);
  if (top.length === 0)
    return <span className="quiet">{isOpen ? 'everything is deferred' : 'nothing is open'}</span>;
  return (
    <ol className="top">
      {top.map(({ control, title, severity, findings: count, oldest }) => (
        <li key={control}>
          <SeverityMark severity={severity} />
          <span title={title}>
            <Anchor
              component={Link}
              to="/"
              // The team is told as of now, whatever the clock says.
              search={{ q: queryForValues({ owner }), open: control, asOf: undefined } as never}
              size="sm"
            >
              {title}
            </Anchor>
          </span>
          <span className="number">{count}</span>
          <span className="quiet">{oldest !== null && <Moment at={oldest} />}</span>
        </li>
      ))}
    </ol>
  );
}

/** Who it is, how they are reached, what is open, and how much is theirs. */
function Team({ team }: { readonly team: TeamItem }) {
  const { owner, spellings, contacts, isMine, findings, oldest, workloads, namespaces } = team;
  const name = spellings.join(', ');
  return (
    <>
      <TwoLines
        first={
          <FindingsLink isOfNow q={queryForValues({ owner })}>
            <OwnerName owner={name || null} />
          </FindingsLink>
        }
        second={[isMine ? 'yours' : '', contacts.join(', ')].filter(Boolean).join(' · ')}
        title={[name || 'nobody', ...contacts].join(', ')}
      />
      <Counts counts={findings} />
      <TwoLines
        first={<span className="quiet">{oldest !== null && <Oldest since={oldest} />}</span>}
        second={`${amount(workloads, 'workload')} in ${amount(namespaces, 'namespace')}`}
      />
    </>
  );
}

function Oldest({ since }: { readonly since: string }) {
  return (
    <>
      the oldest for <Moment at={since} />
    </>
  );
}

/** Owners with what is theirs and their first things to do; what nobody owns is a row of its own. */
export function Page() {
  return (
    <ListPage
      title="Teams"
      list="listTeams"
      lines={5}
      isPresentOnly
      more={IN_ORDER}
      columns={[
        { id: 'owner', title: 'Team, open findings', width: 240, cell: (team) => <Team team={team} /> },
        {
          id: 'top',
          title: 'First things to do, how many, since when',
          least: 460,
          cell: ({ owner, top, findings }) => <Top owner={owner} top={top} findings={findings} />,
        },
      ]}
      keyOf={({ owner }) => owner ?? ''}
      returns={({ returns }) => returns}
      empty={{
        title: 'No owner is known.',
        text: 'Label namespaces or workloads with team, or give the hub an owners file.',
      }}
    />
  );
}
