import type { ViewItem } from '@bulwark/api';
import { withoutTurns } from '@bulwark/core';
import { Button, Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useView } from '../../app/use-view.ts';
import { useHub } from '../../data/use-hub.ts';
import { Written } from '../../parts/written.tsx';
import { currentOf, keptOf } from './kept-view.ts';
import { ViewForm } from './view-form.tsx';

/** The views by their names: one click asks what a view asks, and one keeps what is asked now. */
export function ViewBar() {
  const [view] = useView();
  const { data, error, refetch } = useHub('listViews', {});
  const [edited, setEdited] = useState<ViewItem | 'new'>();
  const views = data?.items ?? [];
  const kept = keptOf(view);
  const current = currentOf(views, kept);
  const isEverything = Object.keys(kept).length === 0;
  return (
    <Group component="nav" aria-label="Views" px="md" pb="xs" gap="xs">
      <Chip name="All open" view={{}} isCurrent={isEverything} />
      {views.map((each) => (
        <Chip
          key={each.id ?? each.name}
          name={each.name}
          view={each.view}
          isCurrent={each === current}
          {...(each.id !== null && !each.mayChange && each.owner !== null && { by: each.owner })}
        />
      ))}
      {error !== null && (
        <Button size="compact-xs" variant="subtle" color="red" onClick={() => void refetch()}>
          Kept views do not come: try again
        </Button>
      )}
      {current?.mayChange === true && (
        <Button size="compact-xs" variant="subtle" onClick={() => setEdited(current)}>
          Change this view
        </Button>
      )}
      {current === undefined && !isEverything && (
        <Button size="compact-xs" variant="subtle" onClick={() => setEdited('new')}>
          Keep this view
        </Button>
      )}
      {edited !== undefined && (
        <ViewForm
          kept={kept}
          views={views}
          {...(edited !== 'new' && { edited })}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Group>
  );
}

function Chip({
  name,
  view,
  isCurrent,
  by,
}: {
  readonly name: string;
  readonly view: ViewItem['view'];
  readonly isCurrent: boolean;
  /** Who shares it. */
  readonly by?: string;
}) {
  return (
    <Link
      to="/findings"
      // What the view does not say is not kept from the one before; the moment is.
      search={(before: Record<string, unknown>) =>
        ({ asOf: before['asOf'], cluster: undefined, namespace: undefined, ...view }) as never
      }
      className="chip"
      activeOptions={{ exact: true, includeSearch: true }}
      {...(isCurrent && { 'aria-current': 'true' })}
      title={withoutTurns(view.q ?? 'Everything that is open')}
    >
      <Written>{name}</Written>
      {by !== undefined && (
        <span className="quiet">
          {' '}
          by <Written>{by}</Written>
        </span>
      )}
    </Link>
  );
}
