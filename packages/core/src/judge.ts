import type { Control } from './control.ts';
import { Engine } from './engine.ts';
import { assignOwners, type Finding, FindingMaker } from './finding.ts';
import type { KubernetesVersion } from './kubernetes-version.ts';
import type { Plan } from './plan.ts';
import type { Resource } from './resource.ts';
import type { Outcome } from './verdict.ts';
import { type Changes, type Delta, readsAny, type World } from './world.ts';

/**
 * Keeps the outcomes of a whole World up to date. After a change only the subjects whose object, namespace or declared
 * reads meet it are judged again; the result is the same as judging everything anew.
 */
export class Judge {
  private readonly world: World;
  private readonly plan: Plan;
  private readonly engine: Engine;
  private readonly outcomes = new Map<string, { resource: Resource; byControl: Map<Control, Outcome> }>();

  constructor(world: World, plan: Plan, kubernetes: KubernetesVersion) {
    this.world = world;
    this.plan = plan;
    this.engine = new Engine(plan, kubernetes, world);
    for (const resource of world.resources()) this.judge(resource);
  }

  /**
   * Applies changes to the World and judges what they touch. Returns how many outcomes were computed, and every resource
   * with one among them.
   */
  apply(changes: Changes): { delta: Delta; evaluated: number; judged: readonly Resource[] } {
    const delta = this.world.apply(changes);
    let evaluated = 0;
    for (const resource of delta.removed) this.outcomes.delete(resource.id);
    const fresh = [...delta.added, ...delta.changed.map(({ after }) => after)];
    const judged = [...fresh];
    for (const resource of fresh) evaluated += this.judge(resource);
    const done = new Set(fresh.map((resource) => resource.id));
    const touched = this.plan.controls.filter(
      (control) => control.looks !== 'object' && readsAny(control.reads, delta.kinds),
    );
    if (touched.length > 0)
      for (const { resource } of this.outcomes.values())
        if (!done.has(resource.id)) {
          const again = this.rejudge(resource, touched, delta);
          evaluated += again;
          if (again > 0) judged.push(resource);
        }
    return { delta, evaluated, judged };
  }

  /** The findings of one resource as it stands alone, before they move to its owner. */
  findingsOf({ id }: Resource): Finding[] {
    const entry = this.outcomes.get(id);
    if (entry === undefined) return [];
    const maker = new FindingMaker(entry.resource);
    return [...entry.byControl].flatMap(([control, outcome]) =>
      outcome.violations.map((violation) => maker.of(control, violation)),
    );
  }

  /** Every outcome, in the World's order. */
  *all(): Generator<{ resource: Resource; control: Control; outcome: Outcome }> {
    for (const resource of this.world.resources())
      for (const [control, outcome] of this.outcomes.get(resource.id)?.byControl ?? [])
        yield { resource, control, outcome };
  }

  /** Every finding, on its top owner. */
  findings(): readonly Finding[] {
    const found: { resource: Resource; findings: Finding[] }[] = [];
    for (const resource of this.world.resources())
      found.push({ resource, findings: this.findingsOf(resource) });
    return assignOwners(this.world, found).findings;
  }

  private judge(resource: Resource): number {
    const byControl = new Map<Control, Outcome>();
    this.engine.evaluate(resource, (control, outcome) => byControl.set(control, outcome));
    this.outcomes.set(resource.id, { resource, byControl });
    return byControl.size;
  }

  private rejudge(resource: Resource, touched: readonly Control[], delta: Delta): number {
    const byControl = this.outcomes.get(resource.id)?.byControl;
    // A change of a cluster-scoped object, under the empty namespace, is seen from every namespace.
    const isNear = delta.namespaces.has(resource.namespace) || delta.namespaces.has('');
    let evaluated = 0;
    for (const control of touched) {
      if (byControl?.has(control) !== true || (control.looks === 'namespace' && !isNear)) continue;
      byControl.set(control, this.engine.outcome(control, resource));
      evaluated++;
    }
    return evaluated;
  }
}
