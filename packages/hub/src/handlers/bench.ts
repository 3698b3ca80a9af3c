import { INGRESS_KINDS, ROLE, ROLE_BINDING } from '@bulwark/analyses';
import {
  ANY_WORKLOAD,
  type Control,
  type Edit,
  Engine,
  editsFor,
  FindingMaker,
  type GroupKind,
  type KubernetesVersion,
  ownedFinding,
  Plan,
  type Read,
  type Resource,
  World,
} from '@bulwark/core';
import { objectsOf, type Scope, type Store } from '@bulwark/store';
import { resourceOf } from './stored-world.ts';

/** Where the object stands that is judged, and by what. */
interface Surroundings {
  readonly store: Store;
  readonly scope: Scope;
  readonly controls: ReadonlyMap<string, Control>;
  readonly cluster: number;
  readonly asOf: Date | undefined;
}

/** The kinds of which some control looks at objects of other namespaces than its own object's. */
const FAR_KINDS: ReadonlySet<GroupKind> = new Set([
  ROLE,
  ROLE_BINDING,
  'Service',
  'gateway.networking.k8s.io/ReferenceGrant',
  ...INGRESS_KINDS,
]);

/**
 * What controls that look beyond their object can see from an object: its namespace, what belongs to none, and of the others
 * what a control for it looks at there. The pods of others stand in their templates.
 */
export async function neighbours(
  { store, scope, controls, cluster, asOf }: Surroundings,
  object: Resource,
): Promise<readonly Resource[]> {
  const wide = [...controls.values()].filter(({ looks }) => looks !== 'object');
  const ofObject = new Set(new Plan(wide).looking('world').controlsFor(object).flatMap(kindsRead));
  const far = [...FAR_KINDS].filter((kind) => ofObject.has(kind));
  const wanted = [
    { cluster, asOf, kinds: [...new Set(wide.flatMap(kindsRead))], namespace: '' },
    ...(object.namespace === '' ? [] : [{ cluster, asOf, namespace: object.namespace, isPodless: true }]),
    ...(far.length === 0 ? [] : [{ cluster, asOf, kinds: far }]),
    ...(ofObject.has(ANY_WORKLOAD) ? [{ cluster, asOf, isPodless: true, isWorkload: true }] : []),
  ];
  const stored = await Promise.all(wanted.map((choice) => objectsOf(store, scope, choice)));
  const byId = new Map(stored.flat().map((each) => [`${each.kind}|${each.namespace}|${each.name}`, each]));
  return [...byId.values()].map(resourceOf).filter(({ id }) => id !== object.id);
}

function kindsRead({ reads }: Control): GroupKind[] {
  const kinds = (read: Read): GroupKind[] => (typeof read === 'string' ? [read] : read.reads.flatMap(kinds));
  return reads.flatMap(kinds);
}

/** A finding of an object, and the edits that its control offers. */
interface Judged {
  readonly fingerprint: string;
  readonly edits: readonly Edit[];
}

/** Judges versions of one object among the same others. */
export class Bench {
  private readonly others: readonly Resource[];
  private readonly plan: Plan;
  private readonly kubernetes: KubernetesVersion;

  constructor(others: readonly Resource[], controls: readonly Control[], kubernetes: KubernetesVersion) {
    this.others = others;
    this.plan = new Plan(controls);
    this.kubernetes = kubernetes;
  }

  /**
   * The findings of an object, with the edits that their controls offer.
   *
   * @param owner on which they are told, where that is another one.
   */
  judge(resource: Resource, owner?: Resource): Judged[] {
    const { world } = World.of([...this.others, resource]);
    const maker = new FindingMaker(resource);
    const found: Judged[] = [];
    new Engine(this.plan, this.kubernetes, world).evaluate(resource, (control, { violations }) => {
      for (const violation of violations) {
        const finding = maker.of(control, violation);
        found.push({
          fingerprint: (owner === undefined ? finding : ownedFinding(finding, owner)).fingerprint,
          edits: control.fix === undefined ? [] : editsFor(control.fix, violation, resource),
        });
      }
    });
    return found;
  }
}
