import type { ClusterItem, ViewItem } from '@bulwark/api';
import { Button, Group, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSession } from '../../app/session.tsx';
import { hub } from '../../data/client.ts';
import { useClusters } from '../../data/use-clusters.ts';
import { Cancel, Dialog } from '../../parts/dialog.tsx';
import { Refusal } from '../settings/refusal.tsx';
import { Removal } from '../settings/removal.tsx';

export interface ViewFormProps {
  readonly kept: ViewItem['view'];
  readonly views: readonly ViewItem[];
  /** The view that is changed; absent for a new one. */
  readonly edited?: ViewItem;
  readonly onClose: () => void;
}

/** Names a view, shares it, or removes it. The name of an own view that is there already replaces that one. */
export function ViewForm({ kept, views, edited, onClose }: ViewFormProps) {
  const { user, permissions } = useSession();
  const clusters = useClusters();
  const queries = useQueryClient();
  const [name, setName] = useState(edited?.name ?? '');
  const [isShared, setShared] = useState(edited?.isShared ?? false);
  const replaced = edited ?? views.find((each) => each.owner === user && each.name === name.trim());
  const refresh = () => queries.invalidateQueries({ queryKey: ['listViews'] });
  const keep = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), isShared, view: kept };
      return replaced?.id == null
        ? hub.call('createView', { body })
        : hub.call('updateView', { params: { id: replaced.id }, body });
    },
    onSuccess: refresh,
  });
  return (
    <Dialog
      onClose={onClose}
      title={edited === undefined ? 'Keep this view' : `Change ${edited.name}`}
      about={edited?.id ?? kept}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          keep.mutate(undefined, { onSuccess: onClose });
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            <code className="mono">{kept.q ?? 'state:open'}</code>
            {narrowed(kept, clusters)}
          </Text>
          <TextInput
            label="Name"
            required
            maxLength={80}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {permissions.includes('triage') && (
            <Switch
              label="Share it"
              description="Everybody who signs in sees its name and query"
              checked={isShared}
              onChange={(event) => setShared(event.currentTarget.checked)}
            />
          )}
          <Refusal error={keep.error} />
          <Group justify="flex-end">
            {edited?.id != null && (
              <Removal
                what={`the view ${edited.name}`}
                act={() => hub.call('deleteView', { params: { id: edited.id ?? 0 } })}
                onDone={onClose}
              />
            )}
            <Cancel />
            <Button type="submit" loading={keep.isPending}>
              {replaced !== undefined && edited === undefined ? `Replace ${replaced.name}` : 'Keep'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/** What a view keeps besides its query. */
function narrowed(
  { cluster, namespace, by, sort }: ViewItem['view'],
  clusters: readonly Pick<ClusterItem, 'id' | 'name'>[],
): string {
  const name = clusters.find(({ id }) => id === cluster)?.name ?? `cluster ${cluster}`;
  return [
    cluster === undefined ? '' : ` of ${name}`,
    namespace === undefined ? '' : ` in ${namespace}`,
    by === undefined ? '' : `, by ${by}`,
    sort === undefined ? '' : `, sorted by ${sort.replace(/^-/, '')}`,
  ].join('');
}
