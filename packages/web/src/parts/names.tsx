import { kindOfAddress, namesOfKind, queryForValues } from '@bulwark/core';
import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { objectPage, subjectPage } from './object-page.ts';
import { Written } from './written.tsx';

/** An object by kind and name. */
export function ObjectName({
  resource,
}: {
  readonly resource: { readonly kind: string; readonly namespace: string; readonly name: string };
}) {
  const { kind, namespace, name } = resource;
  return (
    <span title={`${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`}>
      {name} <span className="quiet">{kind}</span>
    </span>
  );
}

/** An owner, or in plain words that there is none. */
export function OwnerName({ owner }: { readonly owner: string | null }) {
  if (owner === null) return <span style={{ color: 'var(--medium)' }}>nobody</span>;
  return <Written>{owner}</Written>;
}

/** What makes a link lead to what it says, whichever cluster and namespace are looked at. */
export const EVERYWHERE = { cluster: undefined, namespace: undefined };

/** An owner, which leads to its line among the teams, wherever it owns something. */
export function OwnerLink({ owner }: { readonly owner: string | null }) {
  return (
    <Link to="/teams" search={{ q: queryForValues({ owner }), ...EVERYWHERE } as never} className="in-text">
      <OwnerName owner={owner} />
    </Link>
  );
}

/**
 * A link to findings that a query finds: in the cluster that is given, else in those that are looked at. What names a
 * namespace itself is not narrowed to the one that is looked at.
 */
export function FindingsLink({
  q,
  cluster,
  isInText = false,
  isOfNow = false,
  isEverywhere = false,
  children,
}: {
  readonly q: string;
  readonly cluster?: { readonly id: number };
  /** Whether it stands within a sentence, where its colour alone does not tell it from the words beside it. */
  readonly isInText?: boolean;
  /** Whether it is told as of now, whatever the clock says. */
  readonly isOfNow?: boolean;
  /** Whether it is told wherever it is, or in the cluster that is given, whichever cluster and namespace are looked at. */
  readonly isEverywhere?: boolean;
  readonly children: React.ReactNode;
}) {
  const search = {
    q,
    ...(isEverywhere && EVERYWHERE),
    ...(cluster !== undefined && { cluster: cluster.id }),
    ...(/(?:^| )namespace:/.test(q) && { namespace: undefined }),
    ...(isOfNow && { asOf: undefined }),
  };
  return (
    <Anchor
      component={Link}
      to="/findings"
      search={search as never}
      size="sm"
      {...(isInText && { underline: 'always' })}
      onClick={(event) => event.stopPropagation()}
    >
      {children}
    </Anchor>
  );
}

/** The address of a workload's own page. */
export function workloadAddress(
  cluster: { readonly id: number },
  resource: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  },
) {
  const [group] = resource.apiVersion.includes('/') ? resource.apiVersion.split('/') : [''];
  const kind = group === '' || group === undefined ? resource.kind : `${resource.kind}.${group}`;
  return {
    cluster: String(cluster.id),
    kind,
    namespace: resource.namespace === '' ? '-' : resource.namespace,
    name: resource.name,
  };
}

/** What a finding is about, which leads to its page, where it has one. */
export function SubjectLink({
  cluster,
  resource,
  isWorkload,
  search = {},
  className,
  children,
}: {
  readonly cluster: { readonly id: number };
  readonly resource: Parameters<typeof workloadAddress>[1];
  readonly isWorkload: boolean;
  /** What of the search of the page is to be otherwise. */
  readonly search?: Readonly<Record<string, unknown>>;
  readonly className?: string;
  readonly children: React.ReactNode;
}) {
  const page = subjectPage(resource, isWorkload);
  if (page === undefined) return <span title="Pods of a controller that is not collected">{children}</span>;
  return (
    <Link
      to={page}
      params={workloadAddress(cluster, resource) as never}
      search={search as never}
      {...(className !== undefined && { className })}
    >
      {children}
    </Link>
  );
}

/** An object by kind and name that leads to its page. */
export function ObjectLink({
  cluster,
  object: { kind, group, namespace, name },
  isWorkload = false,
}: {
  readonly cluster: { readonly id: number };
  readonly object: {
    readonly kind: string;
    readonly group: string;
    readonly namespace: string;
    readonly name: string;
  };
  readonly isWorkload?: boolean;
}) {
  const apiVersion = group === '' ? 'v1' : `${group}/v1`;
  return (
    <Link
      to={objectPage(kind, isWorkload)}
      params={workloadAddress(cluster, { kind, namespace, name, apiVersion })}
    >
      {kind} {namespace === '' ? '' : `${namespace}/`}
      {name}
    </Link>
  );
}

/**
 * A link to what changed of an object that the address of its page names, and so to who deleted it. As nothing is known of it here,
 * its kind is asked for with its group.
 */
export function ChangesOf({
  cluster,
  kind,
  namespace,
  name,
}: Readonly<Record<'cluster' | 'kind' | 'namespace' | 'name', string>>) {
  const named = { kind: namesOfKind(kindOfAddress(kind)).withGroup, name };
  const q = queryForValues({ ...named, ...(namespace !== '-' && { namespace }) });
  return (
    <Anchor
      component={Link}
      to="/changes"
      search={{ q, cluster: Number(cluster), namespace: undefined, asOf: undefined } as never}
      size="sm"
    >
      What changed of it
    </Anchor>
  );
}
