import { type Analysis, type Resource, stringAt, type WorldView } from '@bulwark/core';
import { CLUSTER_ROLE, ROLE, type RoleRules, roleRules } from './roles.ts';
import { allowsPath, allowsResource, type PathRequest, type ResourceRequest, type Rule } from './rules.ts';
import { impliedGroups, type Subject, subjectKey, subjectsOf } from './subjects.ts';

export const ROLE_BINDING = 'rbac.authorization.k8s.io/RoleBinding';
export const CLUSTER_ROLE_BINDING = 'rbac.authorization.k8s.io/ClusterRoleBinding';

/** The group that no rule binds and none can: the API server lets it do everything. */
const MASTERS = 'system:masters';

/** What a binding gives its subjects. */
export interface Grant {
  readonly binding: Resource;
  readonly role: Resource;
  /** The namespace in which the rules hold; empty: everywhere, cluster-scoped resources and paths included. */
  readonly namespace: string;
  readonly rules: readonly Rule[];
}

/** A binding whose role is not there: it gives nothing, until somebody creates the role. */
export interface DanglingBinding {
  readonly binding: Resource;
  readonly roleKind: string;
  readonly roleName: string;
}

/** A decision, and the grant that it rests on; the group system:masters needs none. */
export type Decision =
  | { readonly allowed: true; readonly grant: Grant | undefined }
  | { readonly allowed: false };

/** Who may do what, over all bindings. */
export interface RbacIndex {
  /** Every subject that a binding names. */
  readonly subjects: readonly Subject[];
  readonly dangling: readonly DanglingBinding[];
  /** What each binding gives whose role is there. */
  readonly grants: readonly Grant[];
  grantOf(binding: Resource): Grant | undefined;
  /** The grants of a subject, its implied groups' included. */
  grantsOf(subject: Subject): readonly Grant[];
  /** Whether a subject may do something in a namespace; empty for cluster-scoped resources and for all namespaces. */
  can(subject: Subject, request: ResourceRequest, namespace: string): Decision;
  /** Whether a subject may ask for a path of the API server. */
  canPath(subject: Subject, request: PathRequest): Decision;
}

/**
 * The effective rules of every subject: Role and ClusterRole bindings, aggregation, and implied groups (Kubernetes
 * documentation, Using RBAC Authorization). A RoleBinding gives the rules of a ClusterRole in its namespace only.
 *
 * Cost: linear in bindings times subjects; a question costs the rules of the subject's grants.
 */
export const effectiveRules: Analysis<RbacIndex> = {
  id: 'effective-rules',
  reads: [roleRules, ROLE, CLUSTER_ROLE, ROLE_BINDING, CLUSTER_ROLE_BINDING],
  compute: (world) => new Index(world),
};

class Index implements RbacIndex {
  readonly subjects: readonly Subject[];
  readonly dangling: DanglingBinding[] = [];
  private readonly bySubject = new Map<string, Grant[]>();
  /** What was asked for already, by subject. */
  private readonly known = new Map<string, readonly Grant[]>();
  private readonly byBinding = new Map<string, Grant>();

  constructor(world: WorldView) {
    const rules = world.get(roleRules);
    const subjects = new Map<string, Subject>();
    for (const binding of [...world.list(CLUSTER_ROLE_BINDING), ...world.list(ROLE_BINDING)]) {
      const grant = this.toGrant(binding, world, rules);
      if (grant !== undefined) this.byBinding.set(binding.id, grant);
      for (const subject of subjectsOf(binding)) {
        const key = subjectKey(subject);
        if (!subjects.has(key)) subjects.set(key, subject);
        if (grant !== undefined) this.add(key, grant);
      }
    }
    this.subjects = [...subjects.values()];
  }

  grantsOf(subject: Subject): readonly Grant[] {
    const own = subjectKey(subject);
    let found = this.known.get(own);
    if (found === undefined) {
      const keys = [own, ...impliedGroups(subject).map((group) => `group:${group}`)];
      found = keys.flatMap((key) => this.bySubject.get(key) ?? []);
      this.known.set(own, found);
    }
    return found;
  }

  get grants(): readonly Grant[] {
    return [...this.byBinding.values()];
  }

  grantOf({ id }: Resource): Grant | undefined {
    return this.byBinding.get(id);
  }

  can(subject: Subject, request: ResourceRequest, namespace: string): Decision {
    const holds = (grant: Grant): boolean =>
      grant.namespace === '' || (namespace !== '' && grant.namespace === namespace);
    return this.decide(
      subject,
      (grant) => holds(grant) && grant.rules.some((rule) => allowsResource(rule, request)),
    );
  }

  canPath(subject: Subject, request: PathRequest): Decision {
    return this.decide(
      subject,
      (grant) => grant.namespace === '' && grant.rules.some((rule) => allowsPath(rule, request)),
    );
  }

  private decide(subject: Subject, allows: (grant: Grant) => boolean): Decision {
    if (subject.kind === 'Group' && subject.name === MASTERS) return { allowed: true, grant: undefined };
    const grant = this.grantsOf(subject).find(allows);
    return grant === undefined ? { allowed: false } : { allowed: true, grant };
  }

  private toGrant(binding: Resource, world: WorldView, rules: RoleRules): Grant | undefined {
    const roleKind = stringAt(binding.object, 'roleRef', 'kind') ?? '';
    const roleName = stringAt(binding.object, 'roleRef', 'name') ?? '';
    const role =
      roleKind === 'ClusterRole'
        ? world.find(CLUSTER_ROLE, '', roleName)
        : binding.groupKind === ROLE_BINDING && roleKind === 'Role'
          ? world.find(ROLE, binding.namespace, roleName)
          : undefined;
    if (role === undefined) {
      this.dangling.push({ binding, roleKind, roleName });
      return undefined;
    }
    return { binding, role, namespace: binding.namespace, rules: rules.rulesOf(role) };
  }

  private add(key: string, grant: Grant): void {
    const known = this.bySubject.get(key);
    if (known === undefined) this.bySubject.set(key, [grant]);
    else known.push(grant);
  }
}
