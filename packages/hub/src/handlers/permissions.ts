import {
  type DanglingBinding,
  effectiveRules,
  type Grant,
  impliedGroups,
  isKubernetesOwnBinding,
  isKubernetesOwnRole,
  type Rule,
  type Subject,
  serviceAccountPower,
  subjectKey,
  subjectsOf,
} from '@bulwark/analyses';
import { type Resource, stringAt } from '@bulwark/core';
import type { PassportContext } from './passport-context.ts';
import { listed, named } from './words.ts';

/** One thing that a service account may do, and the binding that lets it. */
export interface Permission {
  readonly rule: string;
  readonly via: string;
}

const RBAC = 'rbac.authorization.k8s.io';
const CLUSTER_WIDE = [`${RBAC}/ClusterRole`, `${RBAC}/ClusterRoleBinding`];
const NAMESPACED = [`${RBAC}/Role`, `${RBAC}/RoleBinding`];

/** What a service account may do: the worst first, what every account may do last and in one line. */
export function permissionsOf(account: Subject, context: PassportContext): readonly Permission[] {
  const { world } = context;
  const index = world.get(effectiveRules);
  const grants = index.grantsOf(account);
  const usual = grants.filter(isUsual);
  return [
    ...world
      .get(serviceAccountPower)
      .takeovers(account)
      .map(({ means, binding }) => ({ rule: `It may ${means}.`, via: bindingText(binding, account) })),
    ...grants
      .filter((grant) => !isUsual(grant))
      .flatMap((grant) =>
        grant.rules.map((rule) => ({
          rule: ruleText(rule, grant),
          via: bindingText(grant.binding, account),
        })),
      ),
    ...index.dangling
      .filter(({ binding }) => groupOf(binding, account) !== undefined)
      .map((dangling) => ({
        rule: danglingText(dangling, context),
        via: bindingText(dangling.binding, account),
      })),
    ...notShown(context),
    ...(usual.length === 0
      ? []
      : [
          {
            rule: 'What every account may do: ask what the API serves, and what it may do itself.',
            via: listed([...new Set(usual.map(({ binding }) => `${binding.kind} ${binding.name}`))]),
          },
        ]),
  ];
}

/** Bindings that every cluster has, to all who are signed in or all service accounts. */
function isUsual({ binding, role }: Grant): boolean {
  return (
    isKubernetesOwnBinding(binding) &&
    isKubernetesOwnRole(role) &&
    subjectsOf(binding).every(({ kind }) => kind === 'Group')
  );
}

function notShown({ isWhole, isSeen }: PassportContext): Permission[] {
  if (!isWhole)
    return [
      { rule: 'What cluster-wide bindings give it is not shown.', via: 'You see some namespaces only.' },
    ];
  const unseen = [...CLUSTER_WIDE, ...NAMESPACED].filter((kind) => !isSeen(kind));
  if (unseen.length === 0) return [];
  const kinds = listed(unseen.map((kind) => kind.slice(RBAC.length + 1)));
  return [{ rule: 'It may be able to do more.', via: `${kinds} objects are not seen in this cluster.` }];
}

/** The group through which a binding names an account; empty where it names the account itself. */
function groupOf(binding: Resource, account: Subject): string | undefined {
  const subjects = subjectsOf(binding);
  if (subjects.some((each) => subjectKey(each) === subjectKey(account))) return '';
  const groups = impliedGroups(account);
  return subjects.find(({ kind, name }) => kind === 'Group' && groups.includes(name))?.name;
}

function bindingText(binding: Resource, account: Subject): string {
  const place = binding.namespace === '' ? binding.name : `${binding.namespace}/${binding.name}`;
  const role = `${stringAt(binding.object, 'roleRef', 'kind') ?? ''} ${stringAt(binding.object, 'roleRef', 'name') ?? ''}`;
  const group = groupOf(binding, account) ?? '';
  return `${binding.kind} ${place} to ${role}${group === '' ? '' : `, for the group ${group}`}`;
}

function danglingText({ binding, roleKind, roleName }: DanglingBinding, context: PassportContext): string {
  const place = placeText(binding.namespace);
  const isHidden = roleKind === 'ClusterRole' && !context.isWhole;
  if (isHidden || !context.isSeen(`${RBAC}/${roleKind}`))
    return `Whatever ${roleKind} ${roleName} allows ${place}; its rules are not ${isHidden ? 'shown' : 'seen'}.`;
  return `Nothing yet ${place}: there is no ${roleKind} ${roleName}.`;
}

function placeText(namespace: string): string {
  return namespace === '' ? 'in the whole cluster' : `in namespace ${namespace}`;
}

function ruleText(
  { verbs, apiGroups, resources, resourceNames, nonResourceURLs }: Rule,
  { namespace }: Grant,
): string {
  const verb = verbs.includes('*') ? 'do everything with' : listed(verbs);
  if (nonResourceURLs.length > 0) return `${verb} ${named('path', nonResourceURLs)} of the API server`;
  const names = resourceNames.length === 0 ? '' : ` called ${listed(resourceNames)}`;
  return `${verb} ${resourcesText(resources, apiGroups)}${names} ${placeText(namespace)}`;
}

function resourcesText(resources: readonly string[], groups: readonly string[]): string {
  const what = resources.includes('*') ? 'all resources' : listed(resources);
  if (groups.includes('*')) return resources.includes('*') ? what : `${what} of every group`;
  const others = groups.filter((group) => group !== '');
  if (others.length === 0) return resources.includes('*') ? `${what} of the core group` : what;
  const of = groups.includes('') ? ['the core group', ...others] : others;
  return `${what} of ${listed(of)}`;
}
