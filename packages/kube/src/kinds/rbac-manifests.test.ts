import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { rbacManifests } from './rbac-manifests.ts';
import { WATCHED_KINDS } from './watched-kinds.ts';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly {
    readonly apiGroups: string[];
    readonly resources: string[];
    readonly verbs: string[];
  }[];
  readonly roleRef?: { readonly name: string };
  readonly subjects?: readonly object[];
}

function read(text: string): Manifest[] {
  return loadAll(text) as Manifest[];
}

describe('the rights that collecting needs', () => {
  const manifests = rbacManifests();
  const documents = read(manifests['rbac.yaml']);
  const secrets = read(manifests['rbac-secrets.yaml']);

  it('are to list and to watch each kind by its name, and nothing of Secrets', () => {
    const rules = documents.flatMap(({ rules = [] }) => rules);
    const granted = rules.flatMap(({ apiGroups, resources }) =>
      resources.map((each) => `${apiGroups[0]}/${each}`),
    );
    const needed = WATCHED_KINDS.filter((kind) => kind.isSecret !== true).map(
      ({ group, resource }) => `${group}/${resource}`,
    );

    expect(granted.toSorted()).toEqual(needed.toSorted());
    expect(new Set(rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(['list', 'watch']));
    expect(granted).not.toContain('/secrets');
  });

  it('on Secrets are in a file of their own', () => {
    expect(secrets.flatMap(({ rules = [] }) => rules)).toEqual([
      { apiGroups: [''], resources: ['secrets'], verbs: ['list', 'watch'] },
    ]);
  });

  it('belong to a service account', () => {
    expect(documents.map(({ kind }) => kind)).toEqual([
      'Namespace',
      'ServiceAccount',
      'ClusterRole',
      'ClusterRoleBinding',
    ]);
    expect(secrets.map(({ kind }) => kind)).toEqual(['ClusterRole', 'ClusterRoleBinding']);
    for (const binding of [documents[3], secrets[1]]) {
      expect(binding?.subjects).toEqual([
        { kind: 'ServiceAccount', name: 'bulwark-hub', namespace: 'bulwark' },
      ]);
      expect(binding?.roleRef?.name).toBe(binding?.metadata.name);
    }
  });

  it('can be for another', () => {
    const [namespace, account] = read(
      rbacManifests({ namespace: 'security', serviceAccount: 'hub' })['rbac.yaml'],
    );

    expect(namespace?.metadata.name).toBe('security');
    expect(account?.metadata).toEqual({ name: 'hub', namespace: 'security' });
  });
});
