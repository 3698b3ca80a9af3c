import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useClusters } from '../../data/use-clusters.ts';
import { amount } from '../../parts/amount.ts';
import { Cancel, Dialog } from '../../parts/dialog.tsx';
import { Refusal } from '../settings/refusal.tsx';
import { acceptableOf, acceptChosen, type Chosen, identityOf, needsApproval } from './chosen.ts';
import { LookAgain } from './look-again.tsx';

/** Accepts what is chosen: with a reason, an owner and an end. */
export function NewException({
  chosen,
  onClose,
  onDone,
  onAgain,
}: {
  readonly chosen: Chosen;
  readonly onClose: () => void;
  readonly onDone: () => void;
  /** Looks again at what the query finds. */
  readonly onAgain: () => void;
}) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [owner, setOwner] = useState('');
  const [until, setUntil] = useState(new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10));
  const [done] = useState(() => new Set<number>());
  const clusters = useClusters();
  const nameOf = (cluster: number) => clusters.find(({ id }) => id === cluster)?.name ?? String(cluster);
  const approval = useQuery({ queryKey: ['needsApproval', chosen], queryFn: () => needsApproval(chosen) });
  const create = useMutation({
    mutationFn: () =>
      acceptChosen(chosen, { reason, ...(owner !== '' && { owner }), ...(until !== '' && { until }) }, done),
    onSuccess: () => queries.invalidateQueries(),
    // In some clusters it may be accepted already.
    // The refusal is said at once: it waits for no answer.
    onError: () => {
      void queries.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(undefined, {
      onSuccess: () => {
        onDone();
        onClose();
      },
    });
  };
  const count = acceptableOf(chosen);
  const second = approval.data ?? 'none';
  return (
    <Dialog onClose={onClose} title={`Accept ${amount(count, 'finding')}`} about={identityOf(chosen)}>
      <form onSubmit={submit}>
        <Stack gap="md">
          {'selection' in chosen && (
            <Text size="sm">
              All that <code className="mono">{chosen.selection.q ?? 'state:open'}</code> finds now
              {chosen.selection.namespace !== undefined && ` in namespace ${chosen.selection.namespace}`}
              {chosen.selection.cluster !== undefined && ` in cluster ${nameOf(chosen.selection.cluster)}`}.
              What comes later is not covered, even where the query fits.
            </Text>
          )}
          {count === 0 && <Text size="sm">All of it is resolved: there is nothing to accept.</Text>}
          {second !== 'none' && (
            <Text size="sm" style={{ color: 'var(--medium)' }}>
              {second === 'all'
                ? 'Some of it is so severe that a second person has to approve. Until then it stays open.'
                : `Some of it in ${second.join(', ')} is so severe that a second person has to approve what is there. Until then it stays open; in the other clusters it is accepted at once.`}
            </Text>
          )}
          <Textarea
            data-autofocus
            label="Reason"
            description="Whoever sees one of these findings reads it"
            required
            minLength={3}
            autosize
            minRows={2}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <TextInput
            label="Owner"
            description="Who answers for it"
            value={owner}
            onChange={(event) => setOwner(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            label="Last day"
            description="After it the findings are open again"
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
          <Refusal error={create.error ?? approval.error} />
          <Group justify="flex-end">
            <LookAgain act={create} onAgain={onAgain} />
            <Cancel />
            <Button type="submit" loading={create.isPending} disabled={count === 0}>
              {second === 'all' ? 'Ask for approval' : 'Accept'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
