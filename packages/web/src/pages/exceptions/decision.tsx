import type { CoveredFindingItem, ExceptionItem } from '@bulwark/api';
import { seenText } from '@bulwark/core';
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { hub } from '../../data/client.ts';
import { useHub } from '../../data/use-hub.ts';
import { Cancel, Dialog } from '../../parts/dialog.tsx';
import { Written } from '../../parts/written.tsx';
import { Refusal } from '../settings/refusal.tsx';
import { askerOf } from './acted.ts';
import { type Act, effectOf, VERBS, whatOf, whereOf } from './cover.ts';
import { Covered } from './covered.tsx';

/** Findings in a dialog; the panel has all. */
const MOST_NAMED = 5;

/** Asks once before somebody decides about an exception, with what comes of it. */
export function Decision({
  item: listed,
  act,
  onClose,
}: {
  readonly item: ExceptionItem;
  readonly act: Act;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const params = { id: listed.id ?? 0 };
  const { data, error } = useHub('getException', { params });
  const detail = data?.source === listed.source ? data : undefined;
  // The list may be of a moment ago: numbers and names are told from one answer.
  const item = detail ?? listed;
  const decide = useMutation({
    mutationFn: async () => {
      if (act === 'approve') await hub.call('approveException', { params });
      else if (act === 'refuse')
        await hub.call('refuseException', { params, body: seenText(reason) === '' ? {} : { reason } });
      else await hub.call('revokeException', { params });
    },
    onSettled: () => queries.invalidateQueries(),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    decide.mutate(undefined, { onSuccess: onClose });
  };
  const what = item.request === null ? 'exception' : 'request';
  return (
    <Dialog title={`${VERBS[act]} ${what} ${item.id ?? ''}?`} onClose={onClose} size="lg">
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm" fw={600}>
            {effectOf(act, item)}
          </Text>
          <Named item={item} findings={detail?.findings ?? []} act={act} />
          <Text size="sm">
            Asked for <Written>{askerOf(item)}</Written>,{' '}
            {item.until === null ? 'without an end' : `until ${item.until}`}: <Written>{item.reason}</Written>
          </Text>
          {item.advice.length > 0 && (
            <Text size="sm" style={{ color: 'var(--medium)' }}>
              {item.advice.join(' ')}
            </Text>
          )}
          {act === 'refuse' && (
            <Textarea
              label="Reason"
              description="Kept with it, for who asked. May be left out."
              data-autofocus
              autosize
              minRows={2}
              maxLength={2000}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
          <Refusal error={decide.error ?? error} />
          <Group justify="flex-end">
            <Cancel />
            <Button type="submit" loading={decide.isPending}>
              {VERBS[act]}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/** The findings that would be hidden, stay open, or be open again: the worst by name. */
function Named({
  item,
  findings,
  act,
}: {
  readonly item: ExceptionItem;
  readonly findings: readonly CoveredFindingItem[];
  readonly act: Act;
}) {
  const touched = findings.filter(({ isAccepted }) => isAccepted === (act === 'end'));
  if (touched.length === 0)
    return (
      <Text size="sm">
        {whatOf(item)}, {whereOf(item)}
      </Text>
    );
  const total = act === 'end' ? item.covers - item.waiting : item.waiting;
  return (
    <div>
      <Covered
        findings={touched.slice(0, MOST_NAMED)}
        total={total}
        q={`exception:${item.id} state:${act === 'end' ? 'excepted' : 'open'}`}
      />
    </div>
  );
}
