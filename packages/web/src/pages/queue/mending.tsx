import { LONGEST_QUERY, type QueueItem } from '@bulwark/api';
import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { placeOf, useView } from '../../app/use-view.ts';
import { useHub } from '../../data/use-hub.ts';
import { amount } from '../../parts/amount.ts';
import { Notice } from '../../parts/notice.tsx';
import { Patch } from '../findings/remedy.tsx';
import { type Findable, isFindable } from './takeable.ts';

/** How to mend a thing to do: in words, and the patch of one of its findings where one is offered. */
export function Mending({ item }: { readonly item: QueueItem }) {
  return (
    <>
      <Text size="sm">{item.next}</Text>
      {item.fixable > 0 && isFindable(item) && fixableOf(item).length <= LONGEST_QUERY && (
        <FirstPatch item={item} />
      )}
    </>
  );
}

function fixableOf({ query }: Findable): string {
  return `${query} fixable:yes`;
}

/** Findings among which that of the worst workload is looked for. */
const AMONG = 50;

function FirstPatch({ item }: { readonly item: Findable }) {
  const [view] = useView();
  const q = fixableOf(item);
  const found = useHub('listFindings', {
    query: { ...placeOf(view), q, limit: AMONG },
  });
  const shown = (found.data?.items ?? []).find(({ cluster: { id }, resource }) => {
    const worst = item.riskiest;
    return (
      worst !== null &&
      worst.cluster === id &&
      worst.resource.kind === resource.kind &&
      worst.resource.namespace === resource.namespace &&
      worst.resource.name === resource.name
    );
  });
  const first = shown ?? found.data?.items[0];
  // The list that this leads to also has what other rows tell.
  const total = found.data?.total ?? item.fixable;
  return (
    <>
      {found.error !== null && <Notice of={found} what="an edit that mends it" />}
      {first !== undefined && (
        <OnePatch cluster={first.cluster.id} fingerprint={first.fingerprint} asOf={view.asOf} />
      )}
      <Text size="sm" mt="xs">
        <Link to="/findings" search={{ q } as never} className="in-text">
          {amount(total, 'finding')}
        </Link>{' '}
        {total === 1 ? 'has' : 'have'} an edit that mends {total === 1 ? 'it' : 'them'}.
      </Text>
    </>
  );
}

function OnePatch({
  cluster,
  fingerprint,
  asOf,
}: {
  readonly cluster: number;
  readonly fingerprint: string;
  readonly asOf: string | undefined;
}) {
  const found = useHub('getFinding', {
    params: { cluster, fingerprint },
    query: asOf === undefined ? {} : { asOf },
  });
  const { data } = found;
  const notice = found.error !== null && <Notice of={found} what="the edit" />;
  if (data === undefined) return notice;
  if (data.fix === null) return null;
  const { namespace, kind, name } = data.resource;
  return (
    <>
      {notice}
      <Text size="sm" mt="xs" mb={4}>
        For {kind} {namespace === '' ? '' : `${namespace}/`}
        {name}:
      </Text>
      <Patch fix={data.fix} />
    </>
  );
}
