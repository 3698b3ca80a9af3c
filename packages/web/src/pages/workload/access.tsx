import type { Passport } from '@bulwark/api';
import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { amount } from '../../parts/amount.ts';
import { FirstOf } from '../../parts/first-of.tsx';
import { InPods } from '../../parts/in-pods.tsx';
import { workloadAddress } from '../../parts/names.tsx';
import { Sentence } from './linked.tsx';

/** Most permissions that are listed at first. */
const MOST_SHOWN = 12;

/** What a workload reaches and may do; what its sentences name leads to its page. */
export function Access({ passport }: { readonly passport: Passport }) {
  const { cluster, resource, accounts, permissions, secrets, reach } = passport;
  const { namespace } = resource;
  const place = { cluster, namespace };
  return (
    <>
      {reach.length === 0 && <None text="Nothing is known of who reaches it." />}
      {reach.map((line) => (
        <Text key={line} size="sm">
          <Sentence text={line} place={place} />
        </Text>
      ))}
      {accounts.map((account) => (
        <Account
          key={account.name}
          account={account}
          permissions={permissions.filter((each) => each.account === account.name)}
          place={place}
        />
      ))}
      {secrets.length === 0 && <None text="It names no secret." />}
      {secrets.map(({ name, via, inPods }) => (
        <Text key={`${name} ${via}`} size="sm">
          Secret{' '}
          <Link
            to="/secrets"
            search={{ open: `${cluster.id}/${namespace}/${name}` } as never}
            className="in-text"
          >
            {name}
          </Link>{' '}
          by {via} <InPods inPods={inPods} />
        </Text>
      ))}
    </>
  );
}

/** What one service account that its pods run as may do. */
function Account({
  account: { name, inPods },
  permissions,
  place,
}: {
  readonly account: Passport['accounts'][number];
  readonly permissions: Passport['permissions'];
  readonly place: Pick<Passport, 'cluster'> & { readonly namespace: string };
}) {
  const object = { apiVersion: 'v1', kind: 'ServiceAccount', namespace: place.namespace, name };
  return (
    <>
      <Text size="sm">
        Service account{' '}
        <Link
          to="/objects/$cluster/$kind/$namespace/$name"
          params={workloadAddress(place.cluster, object)}
          className="in-text"
        >
          <strong>{name}</strong>
        </Link>
        : {amount(permissions.length, 'permission')} <InPods inPods={inPods} />
      </Text>
      <FirstOf items={permissions} most={MOST_SHOWN}>
        {(shown) =>
          shown.map(({ rule, via }) => (
            <Text key={rule + via} size="xs">
              <span className="mono">{rule}</span>{' '}
              <span className="quiet">
                through <Sentence text={via} place={place} />
              </span>
            </Text>
          ))
        }
      </FirstOf>
    </>
  );
}

function None({ text }: { readonly text: string }) {
  return (
    <Text size="sm" className="quiet">
      {text}
    </Text>
  );
}
