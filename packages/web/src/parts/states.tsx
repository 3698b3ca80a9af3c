import { HubError } from '@bulwark/api';
import { Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useContext } from 'react';
import { AskedAgain } from '../data/live/asked-again.ts';
import { inWords } from './fault-words.ts';

/** Says why there is nothing, and what to do about it. */
export function Message({
  title,
  isPage = false,
  children,
  action,
}: {
  readonly title: string;
  /** Whether it is all that is on the page, and its title so the heading of the page. */
  readonly isPage?: boolean;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <Stack align="flex-start" gap="sm" px="md" py="xl" maw={640}>
      <Title order={isPage ? 1 : 2}>{title}</Title>
      {children !== undefined && <Text className="quiet">{children}</Text>}
      {action}
    </Stack>
  );
}

export function Loading({
  what,
  isPage = false,
}: {
  readonly what: string;
  /** Whether nothing else is on the page: it needs a heading all the same. */
  readonly isPage?: boolean;
}) {
  return (
    <Stack align="center" p="xl" role="status" aria-label={`Loading ${what}`}>
      {isPage && (
        <Title order={1} className="spoken">
          Loading {what}
        </Title>
      )}
      <Loader size="sm" />
    </Stack>
  );
}

/** What went wrong, in a sentence. */
export function faultOf(error: unknown): string {
  if (!(error instanceof HubError)) return 'The hub does not answer.';
  const { status, title } = error.problem;
  return status === 403 ? 'You may not see this.' : title;
}

/** What went wrong, in the hub's own words, with a way to try again. */
export function Failure({
  error,
  retry,
  isPage = false,
  instead,
}: {
  readonly error: unknown;
  readonly retry: () => void;
  readonly isPage?: boolean;
  /** What there is to see of something that is not there. */
  readonly instead?: ReactNode;
}) {
  const isAskedAgain = useContext(AskedAgain);
  const problem = error instanceof HubError ? error.problem : undefined;
  const details = problem?.errors?.map(inWords);
  return (
    <div role="alert">
      <Message
        title={faultOf(error)}
        isPage={isPage}
        action={
          <Group gap="md">
            <Button variant="default" size="xs" onClick={retry}>
              Try again
            </Button>
            {problem?.status === 404 && instead}
          </Group>
        }
      >
        {details?.join(' ') ??
          problem?.detail ??
          (problem === undefined
            ? `What is on the page may be old.${isAskedAgain ? ' It is asked again as soon as the hub answers.' : ''}`
            : problem.status === 403
              ? 'Your role, or the clusters and namespaces that you are limited to, do not allow it. An administrator can change them.'
              : undefined)}
      </Message>
    </div>
  );
}
