import type { ExceptionItem } from '@bulwark/api';
import { Anchor, Button, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useSession } from '../app/session.tsx';
import { hub } from '../data/client.ts';
import { ListPage } from '../parts/list-page.tsx';

/** Decisions to accept findings, with what each covers and what an audit says of it. */
export function Page() {
  const { permissions, user } = useSession();
  const canDecide = permissions.includes('triage');
  return (
    <ListPage
      title="Exceptions"
      list="listExceptions"
      isPresentOnly
      columns={[
        {
          id: 'state',
          title: 'State',
          width: 90,
          cell: ({ state }) => (
            <span
              style={{ color: state === 'expired' || state === 'requested' ? 'var(--medium)' : undefined }}
            >
              {state}
            </span>
          ),
        },
        {
          id: 'scope',
          title: 'Covers',
          width: 300,
          cell: ({ scope }) => (
            <span className="mono" title={wordsOf(scope)}>
              {wordsOf(scope)}
            </span>
          ),
        },
        { id: 'covers', title: 'Findings', width: 80, isNumber: true, cell: ({ covers }) => covers },
        { id: 'reason', title: 'Reason', cell: ({ reason }) => <span title={reason}>{reason}</span> },
        {
          id: 'owner',
          minor: 3,
          title: 'Owner',
          width: 110,
          cell: ({ owner }) => owner ?? <span className="quiet">none</span>,
        },
        {
          id: 'until',
          title: 'Last day',
          width: 100,
          cell: ({ until }) => until ?? <span className="quiet">no end</span>,
        },
        {
          id: 'advice',
          minor: 2,
          title: 'Audit',
          width: 200,
          cell: ({ advice }) => (
            <span style={{ color: 'var(--medium)' }} title={advice.join('\n')}>
              {advice.join('; ')}
            </span>
          ),
        },
        {
          id: 'from',
          minor: 5,
          title: 'From',
          width: 160,
          cell: ({ origin, createdBy, source }) => <span title={source}>{createdBy ?? origin}</span>,
        },
        {
          id: 'act',
          title: 'Act',
          width: 170,
          cell: (item) =>
            canDecide && item.id !== null ? <Acts item={item} isOwn={item.createdBy === user} /> : '',
        },
      ]}
      keyOf={({ id, source, scope }) => String(id ?? source + JSON.stringify(scope))}
      above={
        <Text size="sm" className="quiet" px="md" pb="xs">
          Exceptions that were made in the hub. What annotations and bulwark.yaml accept stands with the{' '}
          <Anchor
            component={Link}
            to="/findings"
            search={{ q: 'state:excepted' } as never}
            size="sm"
            underline="always"
          >
            accepted findings
          </Anchor>
          .
        </Text>
      }
      empty={{
        title: 'No exception was made here.',
        text: 'Choose findings with x and accept them with a reason, or annotate an object with bulwark.dev/except.CONTROL.',
      }}
    />
  );
}

function wordsOf(scope: ExceptionItem['scope']): string {
  return Object.entries(scope)
    .map(
      ([part, value]) =>
        `${part}: ${Array.isArray(value) && value.length > 3 ? `${value.length} of them` : [value].flat().map(String).join(', ')}`,
    )
    .join('; ');
}

function Acts({ item, isOwn }: { readonly item: ExceptionItem; readonly isOwn: boolean }) {
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: async (what: 'approve' | 'end') => {
      const params = { id: item.id ?? 0 };
      await (what === 'approve'
        ? hub.call('approveException', { params })
        : hub.call('revokeException', { params }));
    },
    onSettled: () => queries.invalidateQueries(),
  });
  if (item.state === 'expired' || item.state === 'revoked') return null;
  return (
    <>
      {item.state === 'requested' && !isOwn && (
        <Button size="compact-xs" mr={4} onClick={() => act.mutate('approve')}>
          Approve
        </Button>
      )}
      <Button size="compact-xs" variant="default" onClick={() => act.mutate('end')}>
        {item.state === 'requested' ? 'Refuse' : 'End'}
      </Button>
    </>
  );
}
