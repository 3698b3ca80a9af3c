import type { Container, Workload } from './container.ts';
import { type Control, formatMessage, type Severity, type Violation } from './control.ts';
import type { Exception } from './exception.ts';
import { editsFor } from './fix.ts';
import { groupOf } from './group-kind.ts';
import { hash128 } from './hash.ts';
import { type Region, regionOf } from './origin.ts';
import { formatPath, type Path, semanticPath, valueAt } from './path.ts';
import { redactDeep } from './redaction.ts';
import type { Resource, ResourceRef } from './resource.ts';
import { topOwner, type WorldView } from './world.ts';

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
  /** Whether the control offers edits that mend it. */
  readonly isFixable: boolean;
  /** The decision that accepts it. A finding under an exception stays visible and fails nothing. */
  readonly exception?: Exception;
  /** A decision that somebody asked for. */
  readonly requested?: Exception;
}

/**
 * Fingerprint, version 1: 128 bits over control, group and kind, namespace, owner's name, container and semantic path.
 * No cluster and no file in it, so that a build and a hub agree; no API version, so that an upgrade changes nothing.
 */
export function fingerprint(
  control: string,
  owner: ResourceRef,
  container: string | undefined,
  path: string,
): string {
  const parts = [
    '1',
    control,
    `${groupOf(owner.apiVersion)}/${owner.kind}`,
    owner.namespace,
    owner.name,
    container ?? '',
    path,
  ];
  return hash128(parts.map((part) => part.replaceAll('|', '||')).join('|'));
}

function startsWith(path: Path, prefix: Path): boolean {
  return prefix.every((part, index) => path[index] === part);
}

/** The pod template, and the container in it, that a path leads into. */
function enclosing(resource: Resource, path: Path): { workload?: Workload; container?: Container } {
  const workload = resource.workloads.find((candidate) => startsWith(path, candidate.path));
  if (workload === undefined) return {};
  const container = workload.containers.find((candidate) => startsWith(path, candidate.path));
  return container === undefined ? { workload } : { workload, container };
}

/** Paths in a pod are named from the pod, so that a pod and its controller's template agree. */
function stablePath(resource: Resource, path: Path, workload: Workload | undefined): string {
  if (workload === undefined) return semanticPath(resource.object, path, redactDeep);
  const inPod = semanticPath(
    valueAt(resource.object, workload.path),
    path.slice(workload.path.length),
    redactDeep,
  );
  return resource.workloads.length === 1
    ? inPod
    : `${semanticPath(resource.object, workload.path, redactDeep)}.${inPod}`;
}

/** A finding about a resource that, as far as this object tells, belongs to nothing else. */
export function toFinding(control: Control, resource: Resource, violation: Violation): Finding {
  const { path, facts } = violation;
  const { workload, container } = enclosing(resource, path);
  const region = regionOf(resource.object, resource.origin, path);
  const stable = stablePath(resource, path, workload);
  const { apiVersion, kind, namespace, name, origin } = resource;
  const allFacts = { resource: `${kind}/${name}`, container: container?.name ?? '', ...facts };
  return {
    fingerprint: fingerprint(control.id, resource, container?.name, stable),
    control: control.id,
    severity: control.severity,
    message: formatMessage(control.message, allFacts),
    resource: { apiVersion, kind, namespace, name },
    ...(resource.workloads.length > 0 && { workload: `${kind}/${name}` }),
    ...(container && { container: container.name }),
    path: formatPath(resource.object, path),
    ...(origin.kind === 'file' && { file: origin.lines.file }),
    ...(region && { region }),
    semanticPath: stable,
    isFixable: control.fix !== undefined && editsFor(control.fix, violation, resource).length > 0,
  };
}

/** A finding moved to the top owner of the resource it was found on. */
function ownedFinding(finding: Finding, owner: Resource): Finding {
  const { apiVersion, kind, namespace, name } = owner;
  return {
    ...finding,
    fingerprint: fingerprint(finding.control, owner, finding.container, finding.semanticPath),
    resource: { apiVersion, kind, namespace, name },
    ...(finding.workload !== undefined && { workload: `${kind}/${name}` }),
  };
}

/**
 * Moves findings to the top owners of their resources. One that the owner's template has as well says nothing new
 * and is dropped: a pod is judged only where it differs from its template.
 */
export function assignOwners(
  world: WorldView,
  found: Iterable<{ resource: Resource; findings: readonly Finding[] }>,
): Finding[] {
  const owned: { owner: Resource; finding: Finding }[] = [];
  const result: Finding[] = [];
  for (const { resource, findings } of found) {
    const owner = topOwner(world, resource);
    if (owner === resource) result.push(...findings);
    else for (const finding of findings) owned.push({ owner, finding });
  }
  const known = new Set(owned.length > 0 ? result.map((finding) => finding.fingerprint) : []);
  for (const { owner, finding } of owned) {
    const moved = ownedFinding(finding, owner);
    if (known.has(moved.fingerprint)) continue;
    known.add(moved.fingerprint);
    result.push(moved);
  }
  return result;
}
