import { type Analysis, type Resource, stringAt } from '@bulwark/core';
import { CLUSTER_ROLE_BINDING, effectiveRules, type RbacIndex } from './effective-rules.ts';
import { type RoleRules, roleRules } from './roles.ts';
import { allowsResource, type ResourceRequest, type Rule } from './rules.ts';
import { impliedGroups, type Subject, subjectKey, subjectsOf } from './subjects.ts';

const RBAC = 'rbac.authorization.k8s.io';

/** What a subject can do to take the cluster, and the binding that lets it. */
export interface Takeover {
  /** Completes "it may ...". */
  readonly means: string;
  readonly binding: Resource;
  /**
   * Of the binding and its role what gives rights to this subject alone, so that whoever takes this takeover away changes
   * just these.
   */
  readonly causes: readonly Resource[];
  /**
   * All by which it is so: the bindings, each with its role, before which come those of the roles aggregated into it that give a part
   * of this.
   */
  readonly restsOn: readonly Resource[];
}

/** How strong service accounts are by the rules that bind them directly or through their groups. */
export interface ServiceAccountPower {
  /** The ways in which one request, or two, give the whole cluster. */
  takeovers(subject: Subject): readonly Takeover[];
  /** The bindings by which a subject administers a namespace, or by the role `admin` every one. */
  administers(subject: Subject): readonly Resource[];
}

interface Way {
  readonly means: string;
  /** All of these in the whole cluster, each in one of its forms. */
  readonly requests: readonly (readonly ResourceRequest[])[];
}

function requests(verbs: readonly string[], rest: Omit<ResourceRequest, 'verb'>): readonly ResourceRequest[] {
  return verbs.map((verb) => ({ verb, ...rest }));
}

/** The strongest role there is: who may bind this one needs no other. */
const NAME = 'cluster-admin';
const WRITE = ['create', 'update', 'patch'];

/** What holds a pod template from which pods are made, by group. */
const CONTROLLERS: Readonly<Record<string, readonly string[]>> = {
  '': ['replicationcontrollers'],
  apps: ['daemonsets', 'deployments', 'replicasets', 'statefulsets'],
  batch: ['cronjobs', 'jobs'],
};

/** Any of these runs a pod of the asker's choice. */
const RUN_PODS: readonly ResourceRequest[] = [
  ...requests(['create'], { group: '', resource: 'pods' }),
  ...Object.entries(CONTROLLERS).flatMap(([group, resources]) =>
    resources.flatMap((resource) => requests(WRITE, { group, resource })),
  ),
];

const WAYS: readonly Way[] = [
  {
    means: 'give itself any rights by changing a cluster role',
    requests: [
      requests(['escalate'], { group: RBAC, resource: 'clusterroles' }),
      requests(['update', 'patch'], { group: RBAC, resource: 'clusterroles' }),
    ],
  },
  {
    means: 'bind itself to cluster-admin',
    requests: [
      requests(['bind'], { group: RBAC, resource: 'clusterroles', name: NAME }),
      requests(WRITE, { group: RBAC, resource: 'clusterrolebindings' }),
    ],
  },
  {
    means: 'act as anybody',
    requests: [
      [
        ...requests(['impersonate'], { group: '', resource: 'users' }),
        ...requests(['impersonate'], { group: '', resource: 'serviceaccounts' }),
      ],
    ],
  },
  {
    means: 'make tokens of every service account',
    requests: [requests(['create'], { group: '', resource: 'serviceaccounts', subresource: 'token' })],
  },
  {
    means: 'run commands in every container through the kubelets',
    requests: [requests(['get', 'create'], { group: '', resource: 'nodes', subresource: 'proxy' })],
  },
  // Every cluster has an account in kube-system that may write any role: that of the controller which fills in
  // aggregated cluster roles. A pod there can run as it, whatever Pod Security Standard is enforced.
  { means: 'run pods in every namespace', requests: [RUN_PODS] },
];

function isEverything({ verbs, apiGroups, resources, resourceNames }: Rule): boolean {
  return [verbs, apiGroups, resources].every((list) => list.includes('*')) && resourceNames.length === 0;
}

/** Bindings to roles that every cluster has, so that files rarely do. */
function bindingsOfBuiltIn({ dangling }: RbacIndex, roles: readonly string[]): Map<string, Resource[]> {
  const found = new Map<string, Resource[]>();
  for (const { binding, roleKind, roleName } of dangling) {
    if (roleKind !== 'ClusterRole' || !roles.includes(roleName)) continue;
    for (const subject of subjectsOf(binding)) {
      const key = subjectKey(subject);
      found.set(key, [...(found.get(key) ?? []), binding]);
    }
  }
  return found;
}

function countBindings({ grants }: RbacIndex): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { role } of grants) counts.set(role.id, (counts.get(role.id) ?? 0) + 1);
  return counts;
}

function keysOf(subject: Subject): readonly string[] {
  return [subjectKey(subject), ...impliedGroups(subject).map((group) => `group:${group}`)];
}

class Power implements ServiceAccountPower {
  private readonly index: RbacIndex;
  private readonly rules: RoleRules;
  private readonly absentRoles: Map<string, Resource[]>;
  private readonly known = new Map<string, readonly Takeover[]>();
  private readonly knownAdmin = new Map<string, readonly Resource[]>();
  /** How many bindings each role has, by its id. */
  private bindingsOfRole: ReadonlyMap<string, number> | undefined;

  constructor(index: RbacIndex, rules: RoleRules) {
    this.index = index;
    this.rules = rules;
    this.absentRoles = bindingsOfBuiltIn(index, ADMIN_ROLES);
  }

  takeovers(subject: Subject): readonly Takeover[] {
    const key = subjectKey(subject);
    let found = this.known.get(key);
    if (found === undefined) {
      found = this.findTakeovers(subject);
      this.known.set(key, found);
    }
    return found;
  }

  administers(subject: Subject): readonly Resource[] {
    const key = subjectKey(subject);
    let found = this.knownAdmin.get(key);
    if (found === undefined) {
      found = this.findAdministered(subject);
      this.knownAdmin.set(key, found);
    }
    return found;
  }

  private findTakeovers(subject: Subject): readonly Takeover[] {
    const everything = this.clusterAdminOf(subject);
    if (everything !== undefined) {
      const restsOn = this.thingsBehind(everything, isEverything);
      return [{ means: 'do everything', binding: everything, causes: this.causesOf(everything), restsOn }];
    }
    return WAYS.flatMap(({ means, requests: all }) => {
      const decisions = all.map((forms) =>
        forms
          .map((request) => this.index.can(subject, request, ''))
          .find((decision) => decision.allowed && decision.grant !== undefined),
      );
      const [first] = decisions;
      if (decisions.includes(undefined) || !first?.allowed || first.grant === undefined) return [];
      const { binding } = first.grant;
      const gives = (rule: Rule) => all.flat().some((request) => allowsResource(rule, request));
      const bindings = decisions.flatMap((decision) =>
        decision?.allowed && decision.grant ? [decision.grant.binding] : [],
      );
      const restsOn = bindings.flatMap((each) => this.thingsBehind(each, gives));
      return [{ means, binding, causes: this.causesOf(binding), restsOn: [...new Set(restsOn)] }];
    });
  }

  private thingsBehind(binding: Resource, gives: (rule: Rule) => boolean): readonly Resource[] {
    const role = this.index.grantOf(binding)?.role;
    if (role === undefined) return [binding];
    const { rules } = this;
    const parts = rules.partsOf(role).filter((part) => rules.rulesOf(part).some(gives));
    return [binding, ...parts, role];
  }

  private causesOf(binding: Resource): readonly Resource[] {
    if (subjectsOf(binding).length !== 1) return [];
    this.bindingsOfRole ??= countBindings(this.index);
    const role = this.index.grantOf(binding)?.role;
    const isOfOne = role !== undefined && this.bindingsOfRole.get(role.id) === 1;
    return isOfOne ? [binding, role] : [binding];
  }

  private clusterAdminOf(subject: Subject): Resource | undefined {
    const grants = this.index.grantsOf(subject);
    return (
      grants.find(({ namespace, rules }) => namespace === '' && rules.some(isEverything))?.binding ??
      this.bindingsOfAbsent(subject).find(
        (binding) =>
          binding.groupKind === CLUSTER_ROLE_BINDING && stringAt(binding.object, 'roleRef', 'name') === NAME,
      )
    );
  }

  private findAdministered(subject: Subject): readonly Resource[] {
    const granted = this.index
      .grantsOf(subject)
      .filter(
        ({ role, namespace, rules }) =>
          (role.namespace === '' && ADMIN_ROLES.includes(role.name)) ||
          (namespace !== '' && rules.some(isEverything)),
      )
      .map(({ binding }) => binding);
    return [...granted, ...this.bindingsOfAbsent(subject)];
  }

  private bindingsOfAbsent(subject: Subject): readonly Resource[] {
    if (this.absentRoles.size === 0) return [];
    return keysOf(subject).flatMap((key) => this.absentRoles.get(key) ?? []);
  }
}

const ADMIN_ROLES: readonly string[] = [NAME, 'admin'];

/**
 * What service accounts can do with what is bound to them directly: the steps of an attack that need other objects'
 * rights first are not followed. Cost: each subject's rules once, when first asked for.
 */
export const serviceAccountPower: Analysis<ServiceAccountPower> = {
  id: 'service-account-power',
  reads: [effectiveRules, roleRules],
  compute: (world) => new Power(world.get(effectiveRules), world.get(roleRules)),
};
