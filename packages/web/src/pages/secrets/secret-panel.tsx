import type { SecretDetail, SecretItem } from '@bulwark/api';
import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useView } from '../../app/use-view.ts';
import { useHub } from '../../data/use-hub.ts';
import { amount } from '../../parts/amount.ts';
import { ObjectLink, OwnerName } from '../../parts/names.tsx';
import { Notice } from '../../parts/notice.tsx';
import { SidePanel } from '../../parts/side-panel.tsx';
import { End } from './end.tsx';

/** Names a secret in an address; neither namespaces nor names hold a slash. */
export function secretKey({ cluster, namespace, name }: SecretItem): string {
  return `${cluster.id}/${namespace}/${name}`;
}

/** The secret that the address says is open: what it is, what uses it, and who may read it and why. */
export function SecretPanel() {
  const [{ open, asOf }, setView] = useView();
  const [, cluster, namespace, name] = /^(\d+)\/([^/]+)\/([^/]+)$/.exec(open ?? '') ?? [];
  if (cluster === undefined || namespace === undefined || name === undefined) return null;
  return (
    <Asked
      secret={{ cluster: Number(cluster), namespace, name }}
      asOf={asOf}
      onClose={() => setView({ open: undefined })}
    />
  );
}

function Asked({
  secret,
  asOf,
  onClose,
}: {
  readonly secret: { readonly cluster: number; readonly namespace: string; readonly name: string };
  readonly asOf: string | undefined;
  readonly onClose: () => void;
}) {
  const found = useHub('getSecret', {
    params: secret,
    query: asOf === undefined ? {} : { asOf },
  });
  const { data, isPlaceholderData } = found;
  const { namespace, name } = data ?? secret;
  return (
    <SidePanel title={`${namespace} / ${name}`} isBefore={isPlaceholderData} onClose={onClose}>
      <Notice of={found} what="the secret" />
      {data !== undefined && (
        <Stack gap="md" fz="sm">
          <What secret={data} />
          <Users secret={data} />
          <Readers secret={data} />
        </Stack>
      )}
    </SidePanel>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <Title order={3} mb={4}>
        {title}
      </Title>
      {children}
    </section>
  );
}

/** What is known of a secret that others may only name. */
function standingOf({ exists, type, keys }: SecretDetail): string {
  if (exists === null) return 'Whether it is there is not known, as secrets are not seen.';
  if (!exists) return 'It is named, and is not there.';
  const of = type === null ? '' : `, of type ${type}`;
  return `It is there${of}, ${keys.length === 0 ? 'without keys' : `with ${keys.join(', ')}`}. Its values are never read.`;
}

function What({ secret }: { readonly secret: SecretDetail }) {
  const { cluster, owner, certificate, exists, namespace, name } = secret;
  return (
    <>
      <Text size="sm">
        A secret in {cluster.name}, owned by <OwnerName owner={owner} />. {standingOf(secret)}
      </Text>
      {certificate !== null && (
        <Text size="sm">
          Certificate of {certificate.subject === '' ? 'nobody that it names' : certificate.subject}
          {certificate.names.length === 0 ? '' : ` for ${certificate.names.join(', ')}`}, until{' '}
          {certificate.notAfter.slice(0, 10)} (<End at={certificate.notAfter} />
          ).
        </Text>
      )}
      {exists === true && (
        <ObjectLink cluster={cluster} object={{ kind: 'Secret', group: '', namespace, name }} />
      )}
    </>
  );
}

function Users({ secret: { cluster, users, mayBeUsedBy } }: { readonly secret: SecretDetail }) {
  return (
    <Part title={`Used by${users.length === 0 ? '' : ` (${users.length})`}`}>
      {users.length === 0 ? (
        <Text size="sm" style={{ color: 'var(--medium)' }}>
          {mayBeUsedBy.length === 0
            ? 'Nothing that is known uses it.'
            : `Whether something uses it is not known. Not seen are: ${mayBeUsedBy.join(', ')}.`}
        </Text>
      ) : (
        <ul className="plain">
          {users.map(({ isWorkload, ...object }) => (
            <li key={`${object.group}/${object.kind}/${object.namespace}/${object.name}`}>
              <ObjectLink cluster={cluster} object={object} isWorkload={isWorkload} />
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

/** Each sentence names who, through which binding, to which role, and what that lets them do. */
function Readers({ secret: { cluster, readers, isWhole, notSeen } }: { readonly secret: SecretDetail }) {
  const people = new Set(readers.map(({ subject }) => subjectName(subject)));
  return (
    <Part title={`May be read by${people.size === 0 ? '' : ` (${people.size})`}`}>
      {readers.length === 0 && isWhole && notSeen.length === 0 && (
        <Text size="sm">Nobody, as far as roles and bindings say.</Text>
      )}
      <ul className="sentences">
        {readers.map(({ subject, verbs, binding, role }) => (
          <li key={`${subjectName(subject)} ${binding.kind} ${binding.namespace}/${binding.name}`}>
            {subject.exists === true ? (
              <ObjectLink cluster={cluster} object={{ ...subject, group: '' }} />
            ) : (
              <strong>{subjectName(subject)}</strong>
            )}
            {subject.exists === false && ' (named by the binding alone, it does not exist)'} may{' '}
            {verbs.join(', ')} it through <ObjectLink cluster={cluster} object={binding} /> to{' '}
            <ObjectLink cluster={cluster} object={role} />
          </li>
        ))}
      </ul>
      {!isWhole && (
        <Text size="sm" className="quiet">
          And whoever cluster-wide roles and bindings let: not shown, as you see some namespaces only.
        </Text>
      )}
      {notSeen.length > 0 && (
        <Text size="sm" className="quiet">
          And whoever {notSeen.join(', ')} objects let: they are not seen.
        </Text>
      )}
      {readers.length > 0 && (
        <Text size="sm" className="quiet">
          {amount(readers.length, 'binding')} in all. Whoever is in a group is told of as the group.
        </Text>
      )}
    </Part>
  );
}

function subjectName({ kind, namespace, name }: SecretDetail['readers'][number]['subject']): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}
