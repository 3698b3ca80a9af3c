import { type Analysis, get, type Resource, type WorldView } from '@bulwark/core';
import { effectiveRules, type RbacIndex } from './effective-rules.ts';
import type { ResourceRequest } from './rules.ts';
import { serviceAccountPower } from './service-account-power.ts';
import { projectsToken, serviceAccountOf } from './service-accounts.ts';
import type { Subject } from './subjects.ts';

/** What whoever takes over a pod gets from its service account, the most first. */
export type IdentityGain = 'cluster' | 'commands' | 'secrets';

/** What a workload's identity gives, in words that complete "it may ...", and the binding that decides it. */
export interface IdentityReach {
  readonly gain: IdentityGain;
  readonly account: string;
  readonly means: string;
  readonly binding: Resource;
}

const SECRETS: readonly ResourceRequest[] = ['get', 'list', 'watch'].map((verb) => ({
  verb,
  group: '',
  resource: 'secrets',
}));
const COMMANDS: readonly ResourceRequest[] = ['exec', 'attach'].flatMap((subresource) =>
  ['create', 'get'].map((verb) => ({ verb, group: '', resource: 'pods', subresource })),
);

const NOTHING: readonly IdentityReach[] = [];

/**
 * What each workload's service account reaches beyond the workload, where its pods hold a token of it. Cost: each account's
 * rules, once.
 */
export const identityReach: Analysis<{ of(resource: Resource): readonly IdentityReach[] }> = {
  id: 'identity-reach',
  reads: [serviceAccountPower, effectiveRules, 'ServiceAccount'],
  compute(world) {
    const known = new Map<string, readonly IdentityReach[]>();
    const ofAccount = (namespace: string, account: string): readonly IdentityReach[] => {
      const key = `${namespace}|${account}`;
      let found = known.get(key);
      if (found === undefined) {
        found = reachOf({ kind: 'ServiceAccount', namespace, name: account }, world);
        known.set(key, found);
      }
      return found;
    };
    return {
      of: ({ namespace, workloads }) =>
        workloads.flatMap(({ spec }) => {
          const account = serviceAccountOf(spec);
          return holdsToken(spec, { namespace, account, world }) ? ofAccount(namespace, account) : [];
        }),
    };
  },
};

/** Whether the pods get a token of their service account, by the kubelet or in a volume of their own. */
function holdsToken(
  spec: Resource['object'],
  {
    namespace,
    account,
    world,
  }: { readonly namespace: string; readonly account: string; readonly world: WorldView },
): boolean {
  const own = spec['automountServiceAccountToken'];
  const object = world.find('ServiceAccount', namespace, account)?.object;
  const isMounted = typeof own === 'boolean' ? own : get(object, 'automountServiceAccountToken') !== false;
  return isMounted || projectsToken(spec);
}

function reachOf(subject: Subject, world: WorldView): readonly IdentityReach[] {
  const account = subject.name;
  const power = world.get(serviceAccountPower);
  const [takeover] = power.takeovers(subject);
  if (takeover !== undefined) return [{ gain: 'cluster', account, ...takeover }];
  const [admin] = power.administers(subject);
  if (admin !== undefined) {
    const where = admin.namespace === '' ? 'every namespace' : `namespace ${admin.namespace}`;
    return [{ gain: 'commands', account, means: `administer ${where}`, binding: admin }];
  }
  const index = world.get(effectiveRules);
  if (index.grantsOf(subject).length === 0) return NOTHING;
  return [
    ...among(index, subject, {
      gain: 'commands',
      requests: COMMANDS,
      means: 'run commands in the containers',
    }),
    ...among(index, subject, { gain: 'secrets', requests: SECRETS, means: 'read the Secrets' }),
  ];
}

function among(
  index: RbacIndex,
  subject: Subject,
  {
    gain,
    requests,
    means,
  }: Pick<IdentityReach, 'gain' | 'means'> & { readonly requests: readonly ResourceRequest[] },
): IdentityReach[] {
  const namespaces = [...new Set(index.grantsOf(subject).map(({ namespace }) => namespace))].sort();
  const found = namespaces.flatMap((namespace) => {
    for (const request of requests) {
      const decision = index.can(subject, request, namespace);
      if (decision.allowed && decision.grant !== undefined)
        return [{ namespace, binding: decision.grant.binding }];
    }
    return [];
  });
  const [first, ...more] = found;
  if (first === undefined) return [];
  const where =
    first.namespace === ''
      ? 'of every namespace'
      : `of namespace ${first.namespace}${more.length === 0 ? '' : ` and ${more.length} more`}`;
  return [{ gain, account: subject.name, means: `${means} ${where}`, binding: first.binding }];
}
