import type { Container, Workload } from './container.ts';
import { type Control, type ControlScope, paramValues, type Violation } from './control.ts';
import type { Json } from './json.ts';
import type { KubernetesVersion } from './kubernetes-version.ts';
import { formatPath } from './path.ts';
import type { Plan } from './plan.ts';
import type { Resource } from './resource.ts';
import { holdsResource } from './scope.ts';
import { type Outcome, PASS, withoutVerdict } from './verdict.ts';
import { FORBIDDEN, LimitedWorld, SubjectView } from './view.ts';
import type { WorldView } from './world.ts';

/**
 * Runs controls on resources. A control that throws costs only its own verdict: it becomes `error` with its name.
 * Cost: one call per control and subject; nothing is allocated for a pass.
 */
export class Engine {
  private readonly plan: Plan;
  private readonly world: WorldView | undefined;
  private readonly view: SubjectView;
  private readonly worlds = new Map<string, LimitedWorld>();
  private readonly params = new Map<Control, ReturnType<typeof paramValues>>();

  /** @param world what controls that look beyond their object read; without it they are not checked. */
  constructor(plan: Plan, kubernetes: KubernetesVersion, world?: WorldView) {
    this.plan = plan;
    this.world = world;
    this.view = new SubjectView(kubernetes);
  }

  /** The outcome of every control of the plan that applies to a resource, in the plan's order. */
  evaluate(resource: Resource, report: (control: Control, outcome: Outcome) => void): void {
    for (const control of this.plan.controlsFor(resource)) report(control, this.outcome(control, resource));
  }

  /** The outcome of one control on one resource. */
  outcome(control: Control, resource: Resource): Outcome {
    const { minor } = this.view.kubernetes;
    const { from = 0, to = Number.POSITIVE_INFINITY } = control.kubernetes ?? {};
    if (minor < from)
      return withoutVerdict('not-applicable', `The rule exists from Kubernetes 1.${from} on.`);
    if (minor > to) return withoutVerdict('not-applicable', `The rule exists up to Kubernetes 1.${to}.`);
    if (control.scope !== undefined && !isWanted(control.scope, resource))
      return withoutVerdict('not-applicable', 'The configuration leaves it out.');
    const { values, fault } = this.paramsOf(control);
    if (fault !== undefined)
      return withoutVerdict('not-checked', `The parameter ${fault.param} of ${control.id} ${fault.reason}.`);
    if (!this.lend(control, resource, values))
      return withoutVerdict('not-checked', 'No context was given to look at.');
    const run = new Run(control, this.view);
    try {
      return run.on(resource);
    } catch (error) {
      // Whatever a control throws is its own fault and must not cost the others.
      return withoutVerdict(
        'error',
        `${control.id} failed: ${error instanceof Error ? error.message : 'unknown error'}`,
      );
    }
  }

  private paramsOf(control: Control): ReturnType<typeof paramValues> {
    if (control.params === undefined) return NO_PARAMS;
    let resolved = this.params.get(control);
    if (resolved === undefined) {
      resolved = paramValues(control);
      this.params.set(control, resolved);
    }
    return resolved;
  }

  private lend(control: Control, resource: Resource, params: Readonly<Record<string, Json>>): boolean {
    if (control.looks === 'object') {
      this.view.lend(FORBIDDEN, params);
      return true;
    }
    if (this.world === undefined) return false;
    let limited = this.worlds.get(control.id);
    if (limited === undefined) {
      limited = new LimitedWorld(this.world, control);
      this.worlds.set(control.id, limited);
    }
    limited.namespace = resource.namespace;
    this.view.lend(limited, params);
    return true;
  }
}

function isWanted({ only, not }: ControlScope, resource: Resource): boolean {
  if (only !== undefined && !holdsResource(only, resource)) return false;
  return not === undefined || !holdsResource(not, resource);
}

const NO_PARAMS: ReturnType<typeof paramValues> = { values: {} };

/** One control on one resource: collects violations, and the reasons of the subjects it does not apply to. */
class Run {
  private readonly control: Control;
  private readonly view: SubjectView;
  private violations: Violation[] | undefined;
  private reason: string | undefined;
  private judged = 0;

  constructor(control: Control, view: SubjectView) {
    this.control = control;
    this.view = view;
  }

  on(resource: Resource): Outcome {
    const { per } = this.control.appliesTo;
    if (per === 'object') this.subject(resource);
    else
      for (const workload of resource.workloads) {
        // Nothing of it can be read; that it is not there must not be taken for what it says.
        if (workload.containers.length === 0 && workload.malformed.length > 0) continue;
        if (per === 'workload') this.subject(resource, workload);
        else for (const container of workload.containers) this.subject(resource, workload, container);
      }
    if (this.violations !== undefined) return { verdict: 'fail', violations: distinct(this.violations) };
    return this.withoutViolations(resource);
  }

  private subject(resource: Resource, workload?: Workload, container?: Container): void {
    const { control, view } = this;
    view.moveTo(resource, workload, container);
    const reason = control.notApplicable?.(view as never);
    if (reason !== undefined) {
      this.reason ??= reason;
      return;
    }
    this.judged++;
    for (const violation of control.evaluate(view as never)) {
      this.violations ??= [];
      this.violations.push(violation);
    }
  }

  private withoutViolations(resource: Resource): Outcome {
    if (this.control.appliesTo.per !== 'object')
      for (const { malformed } of resource.workloads)
        if (malformed[0] !== undefined)
          return withoutVerdict(
            'not-checked',
            `${formatPath(resource.object, malformed[0])} is not what it must be.`,
          );
    if (this.judged > 0) return PASS;
    return withoutVerdict('not-applicable', this.reason ?? 'It has no containers.');
  }
}

/** A setting that several containers inherit is one violation, where it is written. */
function distinct(violations: readonly Violation[]): readonly Violation[] {
  if (violations.length === 1) return violations;
  const byPlace = new Map<string, Violation[]>();
  return violations.filter((violation) => {
    const place = violation.path.join('\n');
    const known = byPlace.get(place);
    if (known === undefined) {
      byPlace.set(place, [violation]);
      return true;
    }
    const facts = JSON.stringify(violation.facts);
    if (known.some((other) => JSON.stringify(other.facts) === facts)) return false;
    known.push(violation);
    return true;
  });
}
