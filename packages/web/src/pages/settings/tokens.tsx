import { useState } from 'react';
import { hub } from '../../data/client.ts';
import { useHub } from '../../data/use-hub.ts';
import { Moment } from '../../parts/moment.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Table } from '../../parts/table.tsx';
import { ROLES } from './limits.ts';
import { LimitsCell } from './limits-cell.tsx';
import { NewOne } from './new-one.tsx';
import { Removal } from './removal.tsx';
import { WholeSection } from './section.tsx';

/** What programs may ask with. */
export function Tokens() {
  const found = useHub('listTokens', {});
  const { data } = found;
  const [isNew, setNew] = useState(false);
  const notice = <Notice of={found} what="tokens" />;
  if (data === undefined) return notice;
  return (
    <WholeSection
      notice={notice}
      add={{ label: 'New token', act: () => setNew(true) }}
      about={data.items.length === 0 ? 'There is no token: a program asks the hub with one.' : undefined}
    >
      <Table
        label="API tokens"
        items={data.items}
        keyOf={({ id }) => String(id)}
        columns={[
          { id: 'name', title: 'Name', least: 120, cell: ({ name }) => <span title={name}>{name}</span> },
          { id: 'role', title: 'Role', width: 90, cell: ({ role }) => role },
          {
            id: 'limits',
            title: 'Where',
            least: 140,
            cell: ({ role, limits }) => <LimitsCell role={role} limits={limits} />,
          },
          { id: 'owner', minor: 1, title: 'Made by', width: 120, cell: ({ owner }) => owner },
          {
            id: 'used',
            title: 'Last used',
            width: 100,
            cell: ({ lastUsed }) => (lastUsed === null ? 'never' : <Moment at={lastUsed} />),
          },
          {
            id: 'expires',
            title: 'Ends',
            width: 100,
            cell: ({ expires }) => <End at={expires} />,
          },
          {
            id: 'act',
            title: 'Act',
            width: 100,
            cell: ({ id, name }) => (
              <Removal what={`token ${name}`} act={() => hub.call('revokeToken', { params: { id } })} />
            ),
          },
        ]}
      />
      {isNew && (
        <NewOne
          title="New API token"
          roles={ROLES}
          withDays
          onClose={() => setNew(false)}
          create={async ({ name, role, limits, days }) => {
            const { secret } = await hub.call('createToken', { body: { name, role, limits, days } });
            return {
              secret,
              hint: 'Keep it now: it is shown only once.',
              unseen: `The token ${name} was shown to nobody: remove it, and make another one.`,
            };
          }}
        />
      )}
    </WholeSection>
  );
}

/** When a token ends, or that it has: then it lets nobody in any more. */
function End({ at }: { readonly at: string }) {
  if (Date.parse(at) > Date.now()) return <Moment at={at} isToCome />;
  return <span style={{ color: 'var(--medium)' }}>ended</span>;
}
