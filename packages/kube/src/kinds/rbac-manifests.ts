import type { WatchedKind } from './watched-kind.ts';
import { WATCHED_KINDS } from './watched-kinds.ts';

/** The files that give the hub its rights, by name. */
export interface RbacManifests {
  readonly 'rbac.yaml': string;
  readonly 'rbac-secrets.yaml': string;
}

/** Whom the rights are for. */
export interface RbacOptions {
  readonly namespace?: string;
  readonly serviceAccount?: string;
  readonly kinds?: readonly WatchedKind[];
}

const READ = '["list", "watch"]';

/**
 * The rights that collecting needs, as YAML: reading and watching each kind by its name, and nothing else. Secrets are
 * in a file of their own.
 */
export function rbacManifests(options: RbacOptions = {}): RbacManifests {
  const { namespace = 'bulwark', serviceAccount = 'bulwark-hub', kinds = WATCHED_KINDS } = options;
  const subject = { namespace, serviceAccount };
  const open = kinds.filter((kind) => kind.isSecret !== true);
  const secret = kinds.filter((kind) => kind.isSecret === true);
  return {
    'rbac.yaml': [
      '# Lets the hub read the kinds that matter to security, in all namespaces. It can write nothing, and it sees no\n' +
        '# Secret: which there are, it knows from what refers to them. Generated from the list of kinds.\n' +
        `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}\n  labels:\n    pod-security.kubernetes.io/enforce: restricted\n`,
      `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${serviceAccount}\n  namespace: ${namespace}\n`,
      clusterRole('bulwark-hub', open),
      binding('bulwark-hub', subject),
    ].join('---\n'),
    'rbac-secrets.yaml': [
      '# Optional: lets the hub list Secrets as well. It then knows types, names of keys, sizes, which Secrets nobody uses,\n' +
        '# and when the certificates of TLS Secrets end. Kubernetes cannot grant that without the values: the hub drops them\n' +
        '# as soon as it has read them, and stores none. Generated from the list of kinds.\n' +
        clusterRole('bulwark-hub-secrets', secret),
      binding('bulwark-hub-secrets', subject),
    ].join('---\n'),
  };
}

function clusterRole(name: string, kinds: readonly WatchedKind[]): string {
  const groups = new Map<string, string[]>();
  for (const { group, resource } of kinds) groups.set(group, [...(groups.get(group) ?? []), resource]);
  const rules = [...groups].map(
    ([group, resources]) =>
      `  - apiGroups: ["${group}"]\n    resources:\n${resources.map((each) => `      - ${each}\n`).join('')}    verbs: ${READ}\n`,
  );
  return `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: ${name}\nrules:\n${rules.join('')}`;
}

function binding(
  name: string,
  { namespace, serviceAccount }: { namespace: string; serviceAccount: string },
): string {
  return (
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: ${name}\n` +
    `roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: ${name}\n` +
    `subjects:\n  - kind: ServiceAccount\n    name: ${serviceAccount}\n    namespace: ${namespace}\n`
  );
}
