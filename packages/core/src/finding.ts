import type { Container, Workload } from './container.ts';
import { type Control, type Facts, formatMessage, type Severity, type Violation } from './control.ts';
import type { Exception, FindingObjects } from './exception.ts';
import { fingerprint } from './fingerprint.ts';
import { editsFor } from './fix.ts';
import { oncePerObject } from './once-per-object.ts';
import { findNode, type Origin, type Region, regionOf } from './origin.ts';
import { topOwner } from './owners.ts';
import { formatPath, formerPath, type Path, semanticPath, valueAt, wasOtherPath } from './path.ts';
import { redactDeep } from './redaction.ts';
import type { Resource, ResourceRef } from './resource.ts';
import { redactSaid } from './security-content/redact-content.ts';
import type { WorldView } from './world.ts';

/** One violation of one control, ready to be reported. */
export interface Finding {
  /** Names the finding over runs, files and clusters: see `fingerprint`. */
  readonly fingerprint: string;
  readonly control: string;
  readonly severity: Severity;
  readonly message: string;
  /** The object that has to change: the top owner of what was judged. */
  readonly resource: ResourceRef;
  /** `Kind/name` for anything with a pod template. */
  readonly workload?: string;
  readonly container?: string;
  /** For people: `spec.template.spec.containers[app].image`. */
  readonly path: string;
  readonly file?: string;
  readonly region?: Region;
  /** Path that survives reordering, relative to the pod where it lies in one; part of the fingerprint. */
  readonly semanticPath: string;
  /** The same as version 1 of the fingerprint has it, where that is another one. */
  readonly formerPath?: string;
  /** Keys of other objects in which the cause lies. */
  readonly causes?: readonly string[];
  /** Keys of all other objects by which it is so, as its violation names them; no report has them. */
  readonly restsOn?: readonly string[];
  /** Whether the control offers edits that mend it, in a text that somebody wrote or in a live object. */
  readonly isFixable: boolean;
  /** The decision that accepts it. A finding under an exception stays visible and fails nothing. */
  readonly exception?: Exception;
  /** A decision that somebody asked for. */
  readonly requested?: Exception;
}

function startsWith(path: Path, prefix: Path): boolean {
  for (let index = 0; index < prefix.length; index++) if (path[index] !== prefix[index]) return false;
  return true;
}

/** More containers than these are found by their paths at once. */
const FEW_CONTAINERS = 16;

function containerAt(workload: Workload, path: Path): Container | undefined {
  const { containers } = workload;
  if (containers.length <= FEW_CONTAINERS)
    return containers.find((candidate) => startsWith(path, candidate.path));
  const byPath = containersByPath(workload);
  for (let length = path.length; length > workload.path.length; length--) {
    const found = byPath.get(JSON.stringify(path.slice(0, length)));
    if (found !== undefined) return found;
  }
  return undefined;
}

const containersByPath = oncePerObject(
  ({ containers }: Workload): ReadonlyMap<string, Container> =>
    new Map(containers.map((container) => [JSON.stringify(container.path), container])),
);

/** A part of an object that many findings point into, with what they have in common. */
interface Base {
  readonly path: Path;
  readonly value: unknown;
  readonly printed: string;
  readonly semantic: string;
  readonly former: string;
  readonly origin: Origin;
  readonly workload?: Workload;
  readonly container?: Container;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Whether an edit has a place: in what somebody wrote and in a live object, not in rendered text. */
function isMendable({ origin }: Resource): boolean {
  return origin.kind === 'cluster' || origin.lines.lineMap === undefined;
}

/** Facts as a message may tell them: some are texts of the object, such as an image. */
function shownFacts(facts: Facts): Facts {
  const shown: Record<string, Facts[string]> = {};
  for (const [name, fact] of Object.entries(facts))
    if (typeof fact === 'string') shown[name] = redactSaid(fact);
    else shown[name] = typeof fact === 'object' ? fact.map(redactSaid) : fact;
  return shown;
}

/** Makes the findings of one resource. What they share is made once: most point into the same few containers. */
export class FindingMaker {
  private readonly resource: Resource;
  private readonly ref: ResourceRef;
  private readonly named: string;
  private readonly isMendable: boolean;
  private readonly bases = new Map<Container | Workload | undefined, Base>();

  constructor(resource: Resource) {
    const { apiVersion, kind, namespace, name } = resource;
    this.resource = resource;
    this.ref = { apiVersion, kind, namespace, name };
    this.named = `${kind}/${name}`;
    this.isMendable = isMendable(resource);
  }

  /** A finding that, as far as its object tells, belongs to nothing else. */
  of(control: Control, violation: Violation): Finding {
    const { resource, named } = this;
    const { path, facts, causes, restsOn } = violation;
    const base = this.baseOf(path);
    const rest = path.slice(base.path.length);
    const region = regionOf(base.value, base.origin, rest);
    const stable = semanticPath(base.value, rest, redactDeep, base.semantic);
    const container = base.container?.name;
    const finding: Mutable<Finding> = {
      fingerprint: fingerprint(control.id, resource, container, stable),
      control: control.id,
      severity: control.severity,
      message: formatMessage(control.message, {
        ...{ resource: named, container: container ?? '' },
        ...shownFacts(facts),
      }),
      resource: this.ref,
      path: formatPath(base.value, rest, base.printed),
      semanticPath: stable,
      isFixable:
        this.isMendable && control.fix !== undefined && editsFor(control.fix, violation, resource).length > 0,
    };
    if (resource.workloads.length > 0) finding.workload = named;
    if (container !== undefined) finding.container = container;
    if (resource.origin.kind === 'file') finding.file = resource.origin.lines.file;
    if (region !== undefined) finding.region = region;
    if (causes !== undefined && causes.length > 0) finding.causes = causes;
    if (restsOn !== undefined && restsOn.length > 0) finding.restsOn = restsOn;
    if (wasOtherPath(stable)) finding.formerPath = formerPath(base.value, rest, redactDeep, base.former);
    return finding;
  }

  /** The innermost part that a path leads into: a container, a pod template, or the whole object. */
  private baseOf(path: Path): Base {
    const workload = this.resource.workloads.find((candidate) => startsWith(path, candidate.path));
    const container = workload && containerAt(workload, path);
    const part = container ?? workload;
    let base = this.bases.get(part);
    if (base === undefined) {
      base = this.makeBase(part?.path ?? [], workload, container);
      this.bases.set(part, base);
    }
    return base;
  }

  private makeBase(path: Path, workload?: Workload, container?: Container): Base {
    const { object, origin } = this.resource;
    const semantic = this.stablePath(path, workload, semanticPath);
    return {
      path,
      value: valueAt(object, path),
      printed: formatPath(object, path),
      semantic,
      former: wasOtherPath(semantic) ? this.stablePath(path, workload, formerPath) : semantic,
      origin:
        origin.kind === 'file'
          ? { ...origin, node: findNode(object, origin.offsets, origin.node, path).node }
          : origin,
      ...(workload && { workload }),
      ...(container && { container }),
    };
  }

  /** Paths in a pod are named from the pod, so that a pod and its controller's template agree. */
  private stablePath(path: Path, workload: Workload | undefined, pathOf: typeof semanticPath): string {
    const { object, workloads } = this.resource;
    if (workload === undefined) return '';
    const inPod = pathOf(valueAt(object, workload.path), path.slice(workload.path.length), redactDeep);
    if (workloads.length === 1) return inPod;
    const template = pathOf(object, workload.path, redactDeep);
    return inPod === '' ? template : `${template}.${inPod}`;
  }
}

/** A finding about a resource that, as far as this object tells, belongs to nothing else. */
export function toFinding(control: Control, resource: Resource, violation: Violation): Finding {
  return new FindingMaker(resource).of(control, violation);
}

/** A finding moved to the top owner of the resource it was found on; no edit of the owner is known to mend it. */
export function ownedFinding(finding: Finding, owner: Resource): Finding {
  const { apiVersion, kind, namespace, name } = owner;
  const { message } = finding;
  return {
    ...finding,
    fingerprint: fingerprint(finding.control, owner, finding.container, finding.semanticPath),
    // There is no template from which its pods could differ.
    message: owner.seenInPods ? message.replaceAll(namedIn(finding), () => `${kind}/${name}`) : message,
    resource: { apiVersion, kind, namespace, name },
    isFixable: false,
    ...(finding.workload !== undefined && { workload: `${kind}/${name}` }),
  };
}

function namedIn({ resource: { kind, name } }: Finding): string {
  return `${kind}/${name}`;
}

/** Findings on the top owners of their objects, and of those that were moved there what they are about. */
export interface OwnedFindings {
  readonly findings: readonly Finding[];
  readonly moved: ReadonlyMap<Finding, FindingObjects>;
}

/**
 * Moves findings to the top owners of their resources. One that the owner's template has as well says nothing new
 * and is dropped: a pod is judged only where it differs from its template.
 */
export function assignOwners(
  world: WorldView,
  found: Iterable<{ resource: Resource; findings: readonly Finding[] }>,
): OwnedFindings {
  const owned: { objects: FindingObjects; finding: Finding }[] = [];
  const result: Finding[] = [];
  for (const { resource, findings } of found) {
    const owner = topOwner(world, resource);
    if (owner === resource) result.push(...findings);
    else for (const finding of findings) owned.push({ objects: { found: resource, owner }, finding });
  }
  const known = new Set(owned.length > 0 ? result.map((finding) => finding.fingerprint) : []);
  const moved = new Map<Finding, FindingObjects>();
  for (const { objects, finding } of owned) {
    const onOwner = ownedFinding(finding, objects.owner);
    // Of pods of which nothing has a template all that show it have to accept it.
    if (known.has(onOwner.fingerprint) && objects.owner.seenInPods === undefined) continue;
    known.add(onOwner.fingerprint);
    result.push(onOwner);
    moved.set(onOwner, objects);
  }
  return { findings: result, moved };
}
