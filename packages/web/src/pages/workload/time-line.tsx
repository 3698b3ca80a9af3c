import type { ChangeItem, Passport } from '@bulwark/api';
import { namespaceOf, queryForValues } from '@bulwark/core';
import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { By, userName } from '../../parts/actor.tsx';
import { Effect } from '../../parts/field-changes.tsx';
import { Moment } from '../../parts/moment.tsx';

type Decision = Passport['decisions'][number];

/**
 * Changes of a workload and its pods, or of another object, with who made them, and what people decided about its findings; newest first.
 */
export function TimeLine({
  passport: { cluster, resource, kindInQueries: kind, timeline, decisions },
}: {
  readonly passport: Pick<Passport, 'cluster' | 'resource' | 'kindInQueries' | 'timeline' | 'decisions'>;
}) {
  if (timeline.length === 0 && decisions.length === 0)
    return (
      <Text size="sm" className="quiet">
        Nothing has changed since it was first seen, and nobody has decided anything about it.
      </Text>
    );
  const { namespace, name } = resource;
  const changes = queryForValues({ kind, namespace, name });
  // What is found about a Namespace lies in it; its changes are those of an object in none.
  const findings = queryForValues({ kind, namespace: namespaceOf(resource), name });
  const events = [
    ...timeline.map((change) => ({
      at: change.at,
      entry: <Changed key={`change ${change.id}`} change={change} of={resource} own={changes} />,
    })),
    ...decisions.map((decision) => ({
      at: decision.at,
      entry: (
        <Decided
          key={`${decision.at} ${decision.fingerprint} ${decision.what} ${decision.text ?? ''}`}
          decision={decision}
          cluster={cluster}
          q={findings}
        />
      ),
    })),
  ].toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return <ol className="timeline">{events.map(({ entry }) => entry)}</ol>;
}

/** A list of one cluster. Its query names the namespace, whichever is looked at. */
function onlyIn({ id }: Passport['cluster']) {
  return { cluster: id, namespace: undefined };
}

function Changed({
  change,
  of,
  own,
}: {
  readonly change: ChangeItem;
  readonly of: Passport['resource'];
  /** The query that finds the changes of the object itself. */
  readonly own: string;
}) {
  const { id, at, cluster, verb, actor, opened, resolved } = change;
  const { kind, namespace, name } = change.resource;
  const isOwn = kind === of.kind && name === of.name;
  const q = isOwn ? own : queryForValues({ kind, namespace, name });
  return (
    <li data-news={opened > resolved ? 'bad' : resolved > opened ? 'good' : undefined}>
      <span className="quiet">
        <Moment at={at} />
      </span>
      <span>
        <Anchor
          component={Link}
          to="/changes"
          search={{ ...onlyIn(cluster), open: `${cluster.id}/${id}`, q } as never}
          size="sm"
          underline="always"
        >
          {isOwn ? verb : `${verb} ${kind}/${name}`}
        </Anchor>
        <By actor={actor} /> <Effect opened={opened} resolved={resolved} />
      </span>
    </li>
  );
}

const NEWS: Readonly<Partial<Record<Decision['what'], 'good' | 'bad'>>> = {
  accepted: 'good',
  'no longer accepted': 'bad',
};

function Decided({
  decision: { at, what, by, text, fingerprint, control },
  cluster,
  q,
}: {
  readonly decision: Decision;
  readonly cluster: Passport['cluster'];
  readonly q: string;
}) {
  return (
    <li data-news={NEWS[what]}>
      <span className="quiet">
        <Moment at={at} />
      </span>
      <span>
        <Anchor
          component={Link}
          to="/findings"
          search={
            {
              ...onlyIn(cluster),
              open: `${cluster.id}.${fingerprint}`,
              q: `${q} state:open,excepted`,
            } as never
          }
          size="sm"
          underline="always"
        >
          {control}
        </Anchor>{' '}
        {what === 'triage' ? text : what}
        {by !== null && (
          <span className="quiet" title={by}>
            {' '}
            by {userName(by)}
          </span>
        )}
        {text !== null && what !== 'triage' && <span className="timeline-text">{text}</span>}
      </span>
    </li>
  );
}
