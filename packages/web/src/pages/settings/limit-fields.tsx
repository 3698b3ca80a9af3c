import { MultiSelect, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useClusters } from '../../data/use-clusters.ts';
import { areGiven, EVERYTHING, givenOf, type Limits, NOT_YET, type Role, sightOf } from './limits.ts';
import { NamespaceChoice } from './namespace-choice.tsx';
import { refusalAt } from './refusal.tsx';

/** Limits while they are chosen. */
interface LimitChoice {
  readonly value: Limits;
  readonly onChange: (limits: Limits) => void;
}

/** Limits while they are chosen, whether they can be given as they stand, and what to give. */
export function useLimits(start: Limits) {
  const [value, onChange] = useState(start);
  const limits: LimitChoice = { value, onChange };
  return {
    limits,
    isReady: areGiven(value),
    given: givenOf(value),
    isChanged: value !== start,
  };
}

/** Fields of which the hub may refuse one. */
export const LIMIT_FIELDS = ['limits.clusters', 'limits.namespaces'];

/** The clusters and namespaces that somebody is limited to, and what they will see. */
export function LimitFields({
  role,
  limits: { value, onChange },
  error,
}: {
  readonly role: Role;
  readonly limits: LimitChoice;
  /** Why the hub refused. */
  readonly error: unknown;
}) {
  const nameOf = useClusterName();
  const isLimited = value.clusters !== 'all' || value.namespaces !== 'all';
  return (
    <Stack gap="sm">
      <div>
        <Text size="sm" fw={600} mb={4}>
          Where
        </Text>
        <SegmentedControl
          size="xs"
          aria-label="Where"
          value={isLimited ? 'some' : 'all'}
          onChange={(which) => onChange(which === 'all' ? EVERYTHING : NOT_YET)}
          data={[
            { value: 'all', label: 'Everywhere' },
            { value: 'some', label: 'Some clusters or namespaces' },
          ]}
        />
      </div>
      {isLimited && <Places limits={{ value, onChange }} error={error} />}
      <Text size="sm" role="status">
        {areGiven(value) ? sightOf(role, givenOf(value), nameOf) : 'Choose a cluster or a namespace.'}
      </Text>
    </Stack>
  );
}

function Places({
  limits: { value, onChange },
  error,
}: {
  readonly limits: LimitChoice;
  readonly error: unknown;
}) {
  const clusters = useClusters();
  const chosen = value.clusters === 'all' ? [] : value.clusters;
  return (
    <>
      <MultiSelect
        label="Clusters"
        description="None for all."
        placeholder={chosen.length === 0 ? 'all' : ''}
        searchable
        hidePickedOptions
        nothingFoundMessage="There is no such cluster."
        data={[
          ...clusters.map(({ id, name }) => ({ value: String(id), label: name })),
          ...chosen
            .filter((id) => !clusters.some((cluster) => cluster.id === id))
            .map((id) => ({ value: String(id), label: `cluster ${id}` })),
        ]}
        value={chosen.map(String)}
        onChange={(ids) => onChange({ ...withLists(value), clusters: ids.map(Number) })}
        error={refusalAt(error, 'limits.clusters')}
      />
      <NamespaceChoice
        value={value.namespaces === 'all' ? [] : value.namespaces}
        clusters={chosen.length === 0 ? 'all' : chosen}
        onChange={(namespaces) => onChange({ ...withLists(value), namespaces })}
        error={refusalAt(error, 'limits.namespaces')}
      />
    </>
  );
}

/** While some are chosen, all is an empty list: to take the last one away must not give everything. */
function withLists({ clusters, namespaces }: Limits): Limits {
  return {
    clusters: clusters === 'all' ? [] : clusters,
    namespaces: namespaces === 'all' ? [] : namespaces,
  };
}

/** Names clusters by their number. */
export function useClusterName(): (id: number) => string {
  const clusters = useClusters();
  return (id) => clusters.find((cluster) => cluster.id === id)?.name ?? `cluster ${id}`;
}
