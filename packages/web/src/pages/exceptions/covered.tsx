import type { CoveredFindingItem } from '@bulwark/api';
import { queryForValues } from '@bulwark/core';
import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { EVERYWHERE, FindingsLink, SubjectLink } from '../../parts/names.tsx';
import { SeverityMark } from '../../parts/severity.tsx';
import { placeOf } from './cover.ts';

/** As of now, and wherever they are, whatever the clock says and whichever cluster and namespace are looked at. */
const OF_NOW = { asOf: undefined, ...EVERYWHERE };

/** The findings of an exception, the worst first, each with a way to it and to its object; and to all where there are more. */
export function Covered({
  findings,
  total,
  q,
}: {
  readonly findings: readonly CoveredFindingItem[];
  /** How many there are with those that are not listed. */
  readonly total: number;
  /** The query that finds all of them. */
  readonly q: string;
}) {
  return (
    <>
      <ul className="plain">
        {findings.map((finding) => (
          <li
            key={`${finding.cluster.id}.${finding.fingerprint}`}
            style={{ lineHeight: '20px', padding: '3px 0' }}
          >
            <Finding finding={finding} />
          </li>
        ))}
      </ul>
      {total > findings.length && (
        <FindingsLink isOfNow isEverywhere isInText q={q}>
          And {(total - findings.length).toLocaleString('en')} more
        </FindingsLink>
      )}
    </>
  );
}

function Finding({ finding }: { readonly finding: CoveredFindingItem }) {
  const { cluster, fingerprint, severity, control, title, resource, container, isAccepted } = finding;
  const q = `${queryForValues({ control })} (state:open OR state:excepted)`;
  return (
    <>
      <SeverityMark severity={severity} />{' '}
      <Anchor
        component={Link}
        to="/findings"
        search={{ q, open: `${cluster.id}.${fingerprint}`, ...OF_NOW, cluster: cluster.id } as never}
        size="sm"
      >
        {title}
      </Anchor>
      <div style={{ paddingLeft: 32 }}>
        <SubjectLink
          cluster={cluster}
          resource={resource}
          isWorkload={container !== null}
          search={{ ...OF_NOW, cluster: cluster.id }}
          className="in-text"
        >
          {cluster.name}: {placeOf(resource)}
        </SubjectLink>
        {container !== null && <span>, {container}</span>}
        <span className="quiet">{isAccepted ? ', hidden' : ', open'}</span>
      </div>
    </>
  );
}
