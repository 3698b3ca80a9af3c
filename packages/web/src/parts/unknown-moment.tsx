import { HubError } from '@bulwark/api';
import { Button, Group, Text } from '@mantine/core';
import { useHistoryBegins } from '../app/use-history.ts';
import { useView } from '../app/use-view.ts';
import { useClusters } from '../data/use-clusters.ts';
import { minuteOf } from './moment.tsx';
import { type NotJudged, notJudgedAt } from './not-judged.ts';
import { Message } from './states.tsx';

/** Whether the hub refused as nothing is known of the moment that is looked at. */
export function isOfUnknownMoment(error: unknown): error is HubError {
  return error instanceof HubError && error.problem.code === 'no-snapshot';
}

/** Said in place of what nothing is known of at the moment that is looked at, with the way to where something is. */
export function UnknownMoment({
  error: { problem },
  isPage,
}: {
  /** Why the hub refused. */
  readonly error: HubError;
  /** Whether it is all that is on the page. */
  readonly isPage: boolean;
}) {
  const [view, setView] = useView();
  const { asOf, to = asOf, cluster } = view;
  const found = notJudgedAt(useClusters(), {
    ...(to !== undefined && { asOf: to }),
    ...(cluster !== undefined && { cluster }),
  });
  const begins = useHistoryBegins();
  const isNotJudged = found?.isAll === true;
  return (
    <div role="alert">
      <Message
        title={isNotJudged ? 'Nothing was judged yet at this moment.' : problem.title}
        isPage={isPage}
        action={
          <Group gap="sm">
            {begins !== undefined && <GoTo moment={begins} size="xs" />}
            <Button
              size="xs"
              variant="default"
              onClick={() => setView({ asOf: undefined, from: undefined, to: undefined })}
            >
              Back to now
            </Button>
          </Group>
        }
      >
        {isNotJudged
          ? judgedLater(found)
          : `${problem.detail ?? ''}${begins === undefined ? '' : ` The history begins ${minuteOf(begins)}.`}`}
      </Message>
    </div>
  );
}

/** Said above what is known of a moment where clusters that are looked at were not judged yet. */
export function LaterClusters() {
  const [view] = useView();
  const found = notJudgedAt(useClusters(), view);
  const last = found?.clusters.at(-1);
  if (found === undefined || found.isAll || last === undefined) return null;
  const names = new Intl.ListFormat('en').format(found.clusters.map(({ name }) => name));
  const were = found.clusters.length === 1 ? 'was' : 'were';
  return (
    <Group px="md" pb="xs" gap="sm" role="status">
      <Text size="sm" style={{ color: 'var(--medium)' }}>
        {names} {were} not judged yet at this moment: nothing is said of{' '}
        {found.clusters.length === 1 ? 'it' : 'them'}. {judgedLater(found)}
      </Text>
      <GoTo moment={last.firstSeen} size="compact-sm" />
    </Group>
  );
}

/** When clusters were judged for the first time; of one alone its name is known. */
function judgedLater({ clusters }: NotJudged): string {
  const [only] = clusters;
  if (clusters.length === 1 && only !== undefined)
    return `The first judgement was at ${minuteOf(only.firstSeen)}.`;
  const each = clusters.map(({ name, firstSeen }) => `of ${name} at ${minuteOf(firstSeen)}`);
  return `The first judgement was ${new Intl.ListFormat('en').format(each)}.`;
}

/** Leads to a moment of which something is known; where two are compared, to what came since then. */
function GoTo({ moment, size }: { readonly moment: string; readonly size: 'xs' | 'compact-sm' }) {
  const [{ from }, setView] = useView();
  return (
    <Button
      size={size}
      variant="default"
      title={new Date(moment).toLocaleString()}
      onClick={() => setView(from === undefined ? { asOf: moment } : { from: moment, to: undefined })}
    >
      Go there
    </Button>
  );
}
