import type { ExceptionItem } from '@bulwark/api';
import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useHub } from '../../data/use-hub.ts';
import { amount } from '../../parts/amount.ts';
import { Counts } from '../../parts/counts.tsx';
import { Moment } from '../../parts/moment.tsx';
import { FindingsLink, OwnerName, workloadAddress } from '../../parts/names.tsx';
import { SidePanel } from '../../parts/side-panel.tsx';
import { Failure, Loading, Message } from '../../parts/states.tsx';
import { Refusal } from '../settings/refusal.tsx';
import { Acts } from './acts.tsx';
import { coverOf, placeOf, Standing } from './words.tsx';

/** One exception, or what an annotation asks for: who, what, why and until when; and what can be done about it. */
export function ExceptionPanel({ open, onClose }: { readonly open: string; readonly onClose: () => void }) {
  const number = /^hub:(\d+)$/.exec(open)?.[1] ?? '0';
  const { data, error, refetch } = useHub('listExceptions', { query: { q: `number:${number}`, limit: 1 } });
  const item = data?.items.find(({ source }) => source === open);
  const what = item === undefined || item.request === null ? 'Exception' : 'Request';
  return (
    <SidePanel title={`${what} ${number}`} onClose={onClose}>
      {item !== undefined ? (
        <Detail key={item.source} item={item} />
      ) : error !== null ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : data === undefined ? (
        <Loading what="the exception" />
      ) : (
        <Message title="There is no such exception.">
          Nothing asks for it any more, or it covers nothing that you may see.
        </Message>
      )}
    </SidePanel>
  );
}

function Detail({ item }: { readonly item: ExceptionItem }) {
  const [error, setError] = useState<Error | null>(null);
  const { approval, waiting, covers, state, advice } = item;
  return (
    <Stack gap="md">
      <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
        {item.reason}
      </Text>
      <Facts item={item} />
      {state === 'active' && waiting > 0 && (
        <Text size="sm" style={{ color: 'var(--medium)' }}>
          {waiting === covers ? amount(waiting, 'finding') : `${waiting} of the ${covers} findings`} would
          need a second person today, and {waiting === 1 ? 'stays' : 'stay'} open until one approves.
        </Text>
      )}
      {advice.length > 0 && (
        <Text size="sm" style={{ color: 'var(--medium)' }}>
          {advice.join(' ')}
        </Text>
      )}
      {approval !== null && approval.refusal !== null && <Text size="sm">{approval.refusal}</Text>}
      <Acts item={item} size="xs" onError={setError} />
      <Refusal error={error} />
    </Stack>
  );
}

function Facts({ item }: { readonly item: ExceptionItem }) {
  const { request, createdBy, createdAt, approvedBy, revokedBy, until, owner } = item;
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['State', <Standing key="state" item={item} />],
    ...(request === null ? [] : asked(request)),
    ...(request === null ? [['Covers', coverOf(item)] as const] : []),
    ['Findings', <Covered key="findings" item={item} />],
    [request === null ? 'Made by' : 'Asked by', createdBy ?? <span className="quiet">unknown</span>],
    ...(createdAt === null
      ? []
      : [
          [
            'Since',
            <span key="since">
              <Moment at={createdAt} /> ago
            </span>,
          ] as const,
        ]),
    ['Owner', <OwnerName key="owner" owner={owner} />],
    ['Last day', until ?? <span className="quiet">no end</span>],
    ...(approvedBy === null ? [] : [['Approved by', approvedBy] as const]),
    ...(revokedBy === null
      ? []
      : [[approvedBy === null && request !== null ? 'Refused by' : 'Ended by', revokedBy] as const]),
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Which object asks for what, and where in it that is written. */
function asked(request: NonNullable<ExceptionItem['request']>): readonly (readonly [string, ReactNode])[] {
  const { cluster, resource, control, annotation } = request;
  const { group, ...rest } = resource;
  return [
    [
      'Object',
      <Anchor
        key="object"
        component={Link}
        to="/workloads/$cluster/$kind/$namespace/$name"
        params={workloadAddress(cluster, { ...rest, apiVersion: `${group}/` }) as never}
        size="sm"
      >
        {cluster.name}: {placeOf(resource)}
      </Anchor>,
    ],
    [
      'Control',
      <span key="control" className="mono">
        {control}
      </span>,
    ],
    [
      'Annotation',
      <span key="annotation" className="mono">
        {annotation}
      </span>,
    ],
  ];
}

function Covered({ item: { request, counts, covers } }: { readonly item: ExceptionItem }) {
  if (request === null || covers === 0) return <Counts counts={counts} />;
  return (
    <FindingsLink q={request.findings}>
      <Counts counts={counts} />
    </FindingsLink>
  );
}
