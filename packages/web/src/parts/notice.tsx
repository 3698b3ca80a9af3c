import { HubError } from '@bulwark/api';
import { Button, Group, Text } from '@mantine/core';
import { type ReactNode, useContext } from 'react';
import type { Answer } from '../data/answer.ts';
import { AskedAgain } from '../data/live/asked-again.ts';
import { Failure, faultOf, Loading } from './states.tsx';
import { isOfUnknownMoment, UnknownMoment } from './unknown-moment.tsx';

/**
 * What has to be said of a question to the hub: in place of an answer that it is asked, or why there is none; and above one that
 * may be old, as the hub did not answer when it was asked again.
 */
export function Notice({
  of: { data, error, refetch },
  what,
  isPage = false,
  instead,
}: {
  readonly of: Answer<unknown>;
  /** What is asked for, in words. */
  readonly what: string;
  /** Whether nothing else is on the page where there is no answer. */
  readonly isPage?: boolean;
  /** What there is to see of something that is not there. */
  readonly instead?: ReactNode;
}) {
  const retry = () => void refetch();
  if (error === null) return data === undefined ? <Loading what={what} isPage={isPage} /> : null;
  if (data !== undefined) return <Outdated error={error} retry={retry} />;
  if (isOfUnknownMoment(error)) return <UnknownMoment error={error} isPage={isPage} />;
  return <Failure error={error} retry={retry} isPage={isPage} instead={instead} />;
}

function Outdated({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const isCutOff = useContext(AskedAgain) && !(error instanceof HubError);
  return (
    <Group gap="sm" pb="xs" role="alert">
      <Text size="sm" style={{ color: 'var(--medium)' }}>
        {faultOf(error)} What is shown may be old.
        {isCutOff && ' It is asked again as soon as the hub answers.'}
      </Text>
      <Button size="compact-sm" variant="default" onClick={retry}>
        Try again
      </Button>
    </Group>
  );
}
