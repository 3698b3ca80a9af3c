import type { Container, Workload } from './container.ts';
import type { Fix } from './fix.ts';
import type { GroupKind } from './group-kind.ts';
import type { Json } from './json.ts';
import type { KubernetesVersion } from './kubernetes-version.ts';
import type { ParamFault, Params, ParamValues } from './param.ts';
import type { Path, PathLike } from './path.ts';
import type { Resource } from './resource.ts';
import type { ResourceScope } from './scope.ts';
import type { InheritedSetting, Setting } from './workload.ts';
import type { Read, WorldView } from './world.ts';

/** How bad a finding is, worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Where a severity stands: 0 is the worst. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** `default`: worth a tired engineer's time. `strict`: hardening beyond it. `all`: opinions and inventories. */
export const PROFILES = ['default', 'strict', 'all'] as const;
export type Profile = (typeof PROFILES)[number];

/** Where a control belongs: the narrowest profile that includes it, or none because somebody has to ask for it. */
export const CONTROL_PROFILES = [...PROFILES, 'opt-in'] as const;
export type ControlProfile = (typeof CONTROL_PROFILES)[number];

/** What the message of a finding is made of; lists are joined with commas. */
export type Facts = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** One place where a control is violated; `path` starts at the object's root. */
export interface Violation {
  readonly path: Path;
  readonly facts: Facts;
  /** Keys of other objects in which the cause lies: what `causedBy` controls find there is said with it. */
  readonly causes?: readonly string[];
  /**
   * Keys of all other objects by which it is so, whether or not they are of this subject alone: a change of one of them can be behind
   * it. Those come first whose change another one follows, such as a role before the one into which it is aggregated.
   */
  readonly restsOn?: readonly string[];
}

/** What every control sees of its subject; one with parameters finds their values in `params`. */
export interface ObjectView {
  readonly resource: Resource;
  readonly kubernetes: KubernetesVersion;
  /** Present only for controls that look beyond the object; limited to what they declare in `reads`. */
  readonly world: WorldView;
  /** A violation at a path below the subject: the object, the pod's `spec`, or the container. */
  readonly at: (path: PathLike, facts?: Facts) => Violation;
}

/** A pod template; `at` starts at the pod's `spec`. */
export interface WorkloadView extends ObjectView {
  readonly workload: Workload;
  readonly spec: Workload['spec'];
  /** A violation below the pod's `metadata`. */
  readonly atMetadata: (path: PathLike, facts?: Facts) => Violation;
  /** Whether the pod declares `spec.os.name: windows`. */
  readonly isWindows: boolean;
}

/** One container of a pod template; `at` starts at the container. */
export interface ContainerView extends WorkloadView {
  readonly container: Container;
  /** A setting after inheritance from the pod. */
  readonly setting: (name: InheritedSetting) => Setting;
  /** A violation where a setting is, or would be, written: at the pod when the value is inherited. */
  readonly atSetting: (setting: Setting, facts?: Facts) => Violation;
}

/** What a control is evaluated on, once for each. */
export interface Target<V extends ObjectView = ObjectView> {
  readonly per: 'object' | 'workload' | 'container';
  /** Empty for workloads and containers: whatever has a pod template. */
  readonly kinds: readonly GroupKind[];
  /** Carries the type of the view; never present. */
  readonly view?: V;
}

/** Every pod template, whatever the kind that holds it. */
export const workloads: Target<WorkloadView> = { per: 'workload', kinds: [] };
/** Every container of every pod template: init, sidecar, regular and ephemeral. */
export const containers: Target<ContainerView> = { per: 'container', kinds: [] };
/** Objects of these kinds, written `group/Kind`. */
export function kinds(...names: readonly GroupKind[]): Target {
  return { per: 'object', kinds: names };
}
/** Every object. */
export const everything: Target = { per: 'object', kinds: ['*'] };

/** Where a control is wanted: in `only`, and not in `not`. */
export interface ControlScope {
  readonly only?: ResourceScope;
  readonly not?: ResourceScope;
}

/** How far a control looks: what else than the object itself can change its verdict. */
export type Look = 'object' | 'namespace' | 'world';

/** A control's text and data, without its code. */
export interface ControlInfo<Id extends string = string> {
  /** A slug; never reused. A new name makes the old one an alias. */
  readonly id: Id;
  /** Old ids, and other tools' ids for the same check, as `tool:ID`. */
  readonly aliases: readonly string[];
  readonly title: string;
  /** What the workloads or objects of a group of findings do, in the plural: `share the host's process namespace`. */
  readonly problem: string;
  /** A finding's text; `{name}` is a fact, `{container}` and `{resource}` are always there. */
  readonly message: string;
  readonly severity: Severity;
  readonly profile: ControlProfile;
  /** The Bulwark version that brought it. */
  readonly since: string;
  readonly deprecated?: string;
  readonly rationale: string;
  readonly remediation: string;
  readonly references: readonly string[];
  /** MITRE ATT&CK technique ids, such as `T1611`. */
  readonly attack: readonly string[];
  /** Controls that a finding of this one makes redundant at the same place in a report for people. */
  readonly refines?: readonly string[];
  /**
   * Controls that have nothing to add as long as a finding of this one stands, anywhere in the same container, or in the
   * same pod where the finding lies in none: a report for people leaves their findings out.
   */
  readonly covers?: readonly string[];
  /** Controls whose findings on the objects that a finding of this one names as causes are the same decision. */
  readonly causedBy?: readonly string[];
  /** Minor versions of Kubernetes in which the rule exists, both ends included. */
  readonly kubernetes?: { readonly from?: number; readonly to?: number };
  readonly params?: Params;
  readonly fix?: Fix;
}

/** A view with the values of a control's parameters. */
export type WithParams<V, P extends Params> = V & { readonly params: ParamValues<P> };

/** A control as its file writes it. */
export interface ControlDefinition<Id extends string, V extends ObjectView, P extends Params>
  extends ControlInfo<Id> {
  readonly params?: P;
  readonly appliesTo: Target<V>;
  readonly looks: Look;
  readonly reads: readonly Read[];
  /** A reason why the control says nothing about this subject, such as a Windows pod; undefined when it does. */
  readonly notApplicable?: (view: WithParams<V, P>) => string | undefined;
  /** What is wrong with values that fit each on its own, such as a minimum above the maximum. */
  readonly refuses?: (params: ParamValues<P>) => ParamFault | undefined;
  /** Pure. Yields every violation; yields nothing when the subject passes. */
  readonly evaluate: (view: WithParams<V, P>) => Iterable<Violation>;
}

/** A control with its view's type erased, as lists and the engine hold it. */
export interface Control<Id extends string = string> extends ControlInfo<Id> {
  readonly appliesTo: Target;
  readonly looks: Look;
  readonly reads: readonly Read[];
  /** What a configuration sets its parameters to; their defaults stand for the others. */
  readonly values?: Readonly<Record<string, Json>>;
  /** Where the configuration wants it; everywhere when absent. */
  readonly scope?: ControlScope;
  /** The built-in control whose code it runs, where the configuration has made it one of its own. */
  readonly basedOn?: string;
  readonly notApplicable?: (view: never) => string | undefined;
  readonly refuses?: (params: never) => ParamFault | undefined;
  readonly evaluate: (view: never) => Iterable<Violation>;
}

/**
 * Defines a control. Everything that is shown about it anywhere comes from here.
 *
 * @throws Error when a control that looks only at its object declares reads: a broken definition.
 */
export function defineControl<
  const Id extends string,
  V extends ObjectView,
  const P extends Params = Readonly<Record<never, never>>,
>(definition: ControlDefinition<Id, V, P>): Control<Id> {
  if (definition.looks === 'object' && definition.reads.length > 0)
    throw new Error(`control ${definition.id} looks only at its object, so it cannot declare reads`);
  return definition;
}

/** What a configuration changes of a control: under another `id` it becomes a control of its own. */
export type ControlChange = Partial<Pick<Control, (typeof CHANGEABLE)[number]>>;

const CHANGEABLE = [
  'id',
  'title',
  'problem',
  'message',
  'rationale',
  'remediation',
  'severity',
  'values',
  'scope',
] as const satisfies readonly (keyof Control)[];

/** A control as a configuration wants it. */
export function configureControl(control: Control, change: ControlChange): Control {
  const values = { ...control.values, ...change.values };
  const isNew = change.id !== undefined && change.id !== control.id;
  const ownership = isNew
    ? { aliases: [], refines: [], covers: [], causedBy: [], basedOn: control.basedOn ?? control.id }
    : {};
  return { ...control, ...ownership, ...change, values };
}

/** A control as data, for another thread: the built-in one whose code it runs, and what is different. */
export interface PortableControl {
  readonly basedOn: string;
  readonly change: ControlChange;
}

/** A control without its code. */
export function toPortable(control: Control): PortableControl {
  const changed = CHANGEABLE.filter((field) => control[field] !== undefined).map((field) => [
    field,
    control[field],
  ]);
  return { basedOn: control.basedOn ?? control.id, change: Object.fromEntries(changed) as ControlChange };
}

/** The values of a control's parameters, and what keeps it from running with them, each of which is known to fit. */
export function paramValues({ params = {}, values = {}, refuses }: Control): {
  readonly values: Readonly<Record<string, Json>>;
  readonly fault?: ParamFault;
} {
  const all: Record<string, Json> = {};
  let fault: ParamFault | undefined;
  for (const [name, param] of Object.entries(params)) {
    const value = values[name] ?? param.default;
    if (value === undefined) fault ??= { param: name, reason: 'is not set' };
    else all[name] = value;
  }
  fault ??= refuses?.(all as never);
  return { values: all, ...(fault !== undefined && { fault }) };
}

/** What every message can name, besides the facts of its control. */
const ALWAYS_THERE = ['resource', 'container'];

/** The names that a message of a control's own may have in braces: those in the built-in one, and what is always there. */
export function placeholdersOf({ message }: Pick<Control, 'message'>): readonly string[] {
  return [...new Set([...partsOf(message).filter((_part, index) => index % 2 === 1), ...ALWAYS_THERE])];
}

/** A longer list tells nobody more, and a message must not grow with what is around its object. */
const MOST_LISTED = 20;

function listed(items: readonly string[]): string {
  const more = items.length - MOST_LISTED;
  return more > 0 ? `${items.slice(0, MOST_LISTED).join(', ')} and ${more} more` : items.join(', ');
}

/** A finding's text: the control's message with its facts. */
export function formatMessage(message: string, facts: Facts): string {
  const parts = partsOf(message);
  let text = parts[0] ?? '';
  for (let at = 1; at < parts.length; at += 2) {
    const name = parts[at] ?? '';
    const fact = facts[name];
    if (fact === undefined) text += `{${name}}`;
    else text += typeof fact === 'object' ? listed(fact) : String(fact);
    text += parts[at + 1] ?? '';
  }
  return text;
}

/** Messages taken apart once: text, name, text, name, ... There are as many as controls. */
const taken = new Map<string, readonly string[]>();

function partsOf(message: string): readonly string[] {
  let parts = taken.get(message);
  if (parts === undefined) {
    parts = message.split(/\{(\w+)\}/);
    taken.set(message, parts);
  }
  return parts;
}
