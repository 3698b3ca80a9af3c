import type { FindingDetail } from '@bulwark/api';
import { queryForValues } from '@bulwark/core';
import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ObjectName } from '../../parts/names.tsx';
import { SeverityMark } from '../../parts/severity.tsx';

/** Where else the same control fails: the first by name, all behind a link. */
export function Siblings({
  finding,
  asOf,
}: {
  readonly finding: FindingDetail;
  /** The moment that the finding is shown as of. */
  readonly asOf: string | undefined;
}) {
  const { affected, siblings, control, cluster, state } = finding;
  const q = queryForValues({ control });
  return (
    <>
      <ul className="plain">
        {affected.map(({ fingerprint, severity, resource, container }) => (
          <li key={fingerprint}>
            <SeverityMark severity={severity} />{' '}
            <Anchor
              component={Link}
              to="/findings"
              search={{ q, asOf, cluster: cluster.id, open: `${cluster.id}.${fingerprint}` } as never}
              size="sm"
              c="inherit"
            >
              {resource.namespace === '' ? '' : `${resource.namespace} / `}
              <ObjectName resource={resource} />
              {container === null ? '' : `, ${container}`}
            </Anchor>
          </li>
        ))}
      </ul>
      {siblings > affected.length && (
        <Anchor
          component={Link}
          to="/findings"
          search={{ q, asOf, cluster: cluster.id, namespace: undefined } as never}
          size="sm"
        >
          All {siblings + (state === 'open' ? 1 : 0)} of {control}
        </Anchor>
      )}
    </>
  );
}
