import type { NamespaceItem } from '@bulwark/api';
import { queryForValues } from '@bulwark/core';
import { Anchor, Button, CopyButton, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { placeOf, useView } from '../../app/use-view.ts';
import { useHub } from '../../data/use-hub.ts';
import { amount } from '../../parts/amount.ts';
import { Counts } from '../../parts/counts.tsx';
import { FirstOf } from '../../parts/first-of.tsx';
import { FindingsLink, OwnerName, workloadAddress } from '../../parts/names.tsx';
import { enforcedText, enforcementOf, labelCommand } from './enforcement.ts';

/** What is refused and named before somebody asks for all. */
const FIRST_REFUSED = 20;

function policiesText(hasPolicies: NamespaceItem['hasPolicies']): string {
  if (hasPolicies === null)
    return 'Whether a network policy selects a pod in it is not known: not all policies are seen.';
  return hasPolicies ? 'Network policies select pods in it.' : 'No network policy selects a pod in it.';
}

/** How many there are, as far as that is known. */
function howMany(count: number | null, one: string): string {
  return count === null ? `an unknown number of ${one}s` : amount(count, one);
}

/** One namespace: what its Pod Security level does to what runs in it, and what could be enforced. */
export function NamespaceDetail({ item }: { readonly item: NamespaceItem }) {
  const { name, cluster, owner, environment, criticality, workloads, pods, hasPolicies, findings } = item;
  const q = queryForValues({ namespace: name });
  const search = { q, cluster: cluster.id, namespace: undefined } as never;
  return (
    <Stack gap="md" fz="sm">
      <Text size="sm">
        {howMany(workloads, 'workload')} and {howMany(pods, 'pod')} in {cluster.name}, owned by{' '}
        <OwnerName owner={owner} />, environment {environment ?? 'unknown'}, criticality{' '}
        {criticality ?? 'unknown'}. {policiesText(hasPolicies)}
      </Text>
      <Group gap="md">
        <Counts counts={findings} />
        <FindingsLink cluster={cluster} q={q}>
          findings
        </FindingsLink>
        <Anchor component={Link} to="/workloads" search={search} size="sm">
          workloads
        </Anchor>
        <Anchor component={Link} to="/changes" search={search} size="sm">
          changes
        </Anchor>
      </Group>
      <section>
        <Title order={3} mb={4}>
          Pod Security
        </Title>
        <Stack gap="xs">
          <Refusals item={item} />
          <Chance item={item} />
          {enforcementOf(item) !== 'refuses' && <InTheWay item={item} />}
        </Stack>
      </section>
    </Stack>
  );
}

/** What the enforced level refuses, and why. */
function Refusals({ item }: { readonly item: NamespaceItem }) {
  const { refused, refusedCount, cluster, name: namespace } = item;
  const enforced = enforcedText(item);
  if (enforced === null) return <Text size="sm">Its labels enforce no level.</Text>;
  if (refusedCount === 0)
    return <Text size="sm">It enforces {enforced}, and nothing that runs in it is known to be refused.</Text>;
  return (
    <>
      <Text size="sm" style={{ color: 'var(--high)' }}>
        It enforces {enforced}, and {amount(refusedCount, 'workload')} in it{' '}
        {refusedCount === 1 ? 'does' : 'do'} not pass. Pods that run already run on; at the next rollout, or
        when a node goes away, new ones are refused, unless the cluster exempts them.
      </Text>
      <FirstOf key={namespace} items={refused} most={FIRST_REFUSED}>
        {(shown) => (
          <ul className="plain">
            {shown.map(({ kind, group, kindInQueries, name, controls }) => (
              <li key={`${group}/${kind}/${name}`}>
                <Link
                  to="/workloads/$cluster/$kind/$namespace/$name"
                  params={workloadAddress(cluster, {
                    kind,
                    namespace,
                    name,
                    apiVersion: group === '' ? 'v1' : `${group}/v1`,
                  })}
                >
                  {kind} {name}
                </Link>
                :{' '}
                {controls.map((control, index) => (
                  <span key={control}>
                    {index === 0 ? '' : ', '}
                    <FindingsLink
                      isInText
                      cluster={cluster}
                      q={queryForValues({ control, namespace, kind: kindInQueries, name })}
                    >
                      {control}
                    </FindingsLink>
                  </span>
                ))}
              </li>
            ))}
          </ul>
        )}
      </FirstOf>
      {refusedCount > refused.length && (
        <Text size="sm" className="quiet">
          {refusedCount - refused.length} more are too many to be named here.
        </Text>
      )}
    </>
  );
}

/** What it could enforce beyond what it does, with the command. */
function Chance({ item }: { readonly item: NamespaceItem }) {
  const { possible, notKnown } = item;
  if (possible === null)
    return <Text size="sm">The strictest level that it could enforce is not known: {notKnown}.</Text>;
  if (enforcementOf(item) !== 'chance') return null;
  const command = labelCommand({ ...item, level: possible });
  return (
    <>
      <Text size="sm" style={{ color: 'var(--good)' }}>
        Everything in it passes {possible}
        {item.enforcedVersion === null ? '' : " of its cluster's version"}, and it could enforce that today.
      </Text>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <CopyButton value={command}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy} style={{ flex: 'none' }}>
              {copied ? 'Copied' : 'Copy command'}
            </Button>
          )}
        </CopyButton>
        <code className="mono" style={{ overflowWrap: 'anywhere' }}>
          {command}
        </code>
      </Group>
    </>
  );
}

/** The controls in the way of the next level. */
function InTheWay({ item }: { readonly item: NamespaceItem }) {
  const { cluster, name, possible, blockedBy, enforcedVersion } = item;
  const [view] = useView();
  const controls = useHub('listControls', {
    query: { ...placeOf(view), cluster: cluster.id, namespace: name },
  });
  // What does not run or is excepted is in the way as well, and is in no list.
  const listed = new Set(controls.data?.items.filter(({ findings }) => findings > 0).map(({ id }) => id));
  if (blockedBy.length === 0) return null;
  return (
    <Text size="sm">
      In the way of {possible === 'privileged' ? 'baseline' : 'restricted'}
      {enforcedVersion === null ? '' : " of its cluster's version"}:{' '}
      {blockedBy.map((control, index) => (
        <span key={control}>
          {index === 0 ? '' : ', '}
          {listed.has(control) ? (
            <FindingsLink isInText cluster={cluster} q={queryForValues({ control, namespace: name })}>
              {control}
            </FindingsLink>
          ) : (
            control
          )}
        </span>
      ))}
    </Text>
  );
}
