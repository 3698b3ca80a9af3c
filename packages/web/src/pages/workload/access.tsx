import type { Passport } from '@bulwark/api';
import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { amount } from '../../parts/amount.ts';
import { FirstOf } from '../../parts/first-of.tsx';
import { workloadAddress } from '../../parts/names.tsx';
import { Sentence } from './linked.tsx';

/** Most permissions that are listed at first. */
const MOST_SHOWN = 12;

/** What a workload reaches and may do; what its sentences name leads to its page. */
export function Access({ passport }: { readonly passport: Passport }) {
  const { cluster, resource, serviceAccount, permissions, secrets, reach } = passport;
  const { namespace } = resource;
  const place = { cluster, namespace };
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', namespace, name: serviceAccount };
  return (
    <>
      {reach.length === 0 && <None text="Nothing is known of who reaches it." />}
      {reach.map((line) => (
        <Text key={line} size="sm">
          <Sentence text={line} place={place} />
        </Text>
      ))}
      <Text size="sm">
        Service account{' '}
        <Link
          to="/objects/$cluster/$kind/$namespace/$name"
          params={workloadAddress(cluster, account)}
          className="in-text"
        >
          <strong>{serviceAccount}</strong>
        </Link>
        : {amount(permissions.length, 'permission')}
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
      {secrets.length === 0 && <None text="It names no secret." />}
      {secrets.map(({ name, via }) => (
        <Text key={`${name} ${via}`} size="sm">
          Secret{' '}
          <Link
            to="/secrets"
            search={{ open: `${cluster.id}/${namespace}/${name}` } as never}
            className="in-text"
          >
            {name}
          </Link>{' '}
          by {via}
        </Text>
      ))}
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
