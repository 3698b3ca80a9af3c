import type { ExceptionItem, ROUTES, RouteResult } from '@bulwark/api';
import { HubError, LONGEST_QUERY } from '@bulwark/api';
import { Anchor, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useHub } from '../../data/use-hub.ts';
import { amount } from '../../parts/amount.ts';
import { clusterText } from '../../parts/cluster-text.ts';
import { type Fact, Facts } from '../../parts/facts.tsx';
import { Moment } from '../../parts/moment.tsx';
import { EVERYWHERE, FindingsLink, OwnerName, workloadAddress } from '../../parts/names.tsx';
import { Notice } from '../../parts/notice.tsx';
import { objectPage } from '../../parts/object-page.ts';
import { SeverityMark } from '../../parts/severity.tsx';
import { SidePanel } from '../../parts/side-panel.tsx';
import { Message } from '../../parts/states.tsx';
import { isRefused } from './acted.ts';
import { Acts } from './acts.tsx';
import { type Act, effectOf, placeOf, whatOf, whereOf, worstOf } from './cover.ts';
import { Covered } from './covered.tsx';
import { Standing } from './words.tsx';

type Detailed = RouteResult<(typeof ROUTES)['getException']>;
type OnAct = (item: ExceptionItem, act: Act) => void;

/** One exception, or what an annotation asks for: what it covers, who, why and until when; and what can be done about it. */
export function ExceptionPanel({
  open,
  onClose,
  onAct,
}: {
  readonly open: string;
  readonly onClose: () => void;
  readonly onAct: OnAct;
}) {
  const number = /^hub:(\d+)$/.exec(open)?.[1] ?? '0';
  const found = useHub('getException', { params: { id: Number(number) } });
  const { data, error } = found;
  // What was open before is not this one.
  const item = data?.source === open ? data : undefined;
  const isGone = error instanceof HubError && (error.problem.status === 404 || number === '0');
  const what = item === undefined || item.request === null ? 'Exception' : 'Request';
  return (
    <SidePanel title={`${what} ${number}`} onClose={onClose}>
      {isGone ? (
        <Message title="There is no such exception.">
          Nothing asks for it any more, or it covers nothing that you may see.
        </Message>
      ) : (
        <>
          <Notice of={{ ...found, data: item }} what="the exception" />
          {item !== undefined && <Detail key={item.source} item={item} onAct={onAct} />}
        </>
      )}
    </SidePanel>
  );
}

function Detail({ item, onAct }: { readonly item: Detailed; readonly onAct: OnAct }) {
  const { approval, advice, covers, findings, waiting } = item;
  const worst = worstOf(item.counts);
  const canHide = approval !== null && waiting > 0;
  return (
    <Stack gap="md">
      <div>
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {worst !== undefined && (
            <>
              <SeverityMark severity={worst} />{' '}
            </>
          )}
          {whatOf(item)}
        </Text>
        <Text size="sm">{whereOf(item)}</Text>
      </div>
      {canHide && <Text size="sm">{effectOf('approve', item)}</Text>}
      {advice.length > 0 && (
        <Text size="sm" style={{ color: 'var(--medium)' }}>
          {advice.join(' ')}
        </Text>
      )}
      <ExceptionFacts item={item} />
      {approval !== null && approval.refusal !== null && <Text size="sm">{approval.refusal}</Text>}
      <Acts item={item} size="xs" onAct={onAct} />
      {findings.length > 0 && (
        <section>
          <Title order={3} size="sm" mb={4}>
            {amount(covers, 'finding')}
          </Title>
          <Covered
            findings={findings}
            total={covers}
            q={`exception:${item.id} (state:open OR state:excepted)`}
          />
        </section>
      )}
    </Stack>
  );
}

function ExceptionFacts({ item }: { readonly item: ExceptionItem }) {
  const { request, createdBy, createdAt, until, owner, query } = item;
  const facts: readonly Fact[] = [
    ['State', <Standing key="state" item={item} />],
    ['Reason', item.reason],
    [request === null ? 'Made by' : 'Asked by', createdBy ?? <span className="quiet">nobody knows</span>],
    ...(createdAt === null ? [] : [['Since', <Since key="since" at={createdAt} />] as const]),
    ['Owner', owner ?? <OwnerName key="owner" owner={null} />],
    ['Last day', until ?? <span className="quiet">no end</span>],
    ...(request === null ? [['Clusters', clusterText(item)] as const] : asked(request)),
    ...(query === null ? [] : [['Query', <MadeFrom key="query" query={query} />] as const]),
    ...answered(item),
  ];
  return <Facts facts={facts} />;
}

function Since({ at }: { readonly at: string }) {
  return (
    <span>
      <Moment at={at} /> ago
    </span>
  );
}

/** The query of which somebody chose everything, which says where that was; by now it may find others. */
function MadeFrom({ query }: { readonly query: string }) {
  const q = query === '' ? 'state:open' : query;
  const text = <span className="mono">{q}</span>;
  return (
    <>
      {q.length > LONGEST_QUERY ? (
        text
      ) : (
        <FindingsLink isOfNow isEverywhere q={q}>
          {text}
        </FindingsLink>
      )}
      , what it found then
    </>
  );
}

/** Who has answered, and what, and when. */
function answered(item: ExceptionItem): readonly Fact[] {
  const { approvedBy, revokedBy, revokedAt, revokedBecause } = item;
  const because = revokedBecause === null ? '' : `: ${revokedBecause}`;
  const what = isRefused(item) ? 'Refused' : 'Ended';
  return [
    ...(approvedBy === null ? [] : [['Approved by', approvedBy] as const]),
    ...(revokedBy === null ? [] : [[`${what} by`, `${revokedBy}${because}`] as const]),
    ...(revokedAt === null ? [] : [[what, <Since key="end" at={revokedAt} />] as const]),
  ];
}

/** Which object asks for what, and where in it that is written. */
function asked(request: NonNullable<ExceptionItem['request']>): readonly Fact[] {
  const { cluster, resource, control, annotation, findings } = request;
  const { group, ...rest } = resource;
  return [
    [
      'Object',
      <Anchor
        key="object"
        component={Link}
        to={objectPage(resource.kind, false)}
        params={workloadAddress(cluster, { ...rest, apiVersion: `${group}/` }) as never}
        // What is asked is told as of now and where it is, whatever the header says.
        search={{ asOf: undefined, ...EVERYWHERE, cluster: cluster.id } as never}
        size="sm"
      >
        {cluster.name}: {placeOf(resource)}
      </Anchor>,
    ],
    [
      'Control',
      <FindingsLink key="control" isOfNow isEverywhere cluster={cluster} q={findings}>
        <span className="mono">{control}</span>
      </FindingsLink>,
    ],
    [
      'Annotation',
      <span key="annotation" className="mono">
        {annotation}
      </span>,
    ],
  ];
}
