import { groupOf, isBuiltInGroup } from '../group-kind.ts';
import { canonicalJson, type JsonObject, stringAt } from '../json.ts';
import {
  type Controller,
  controllersOf,
  findController,
  ownerIds,
  referenceToController,
} from '../owners.ts';
import { type Resource, toResource } from '../resource.ts';
import { securityContent } from '../security-content/security-content.ts';
import { sha256 } from '../sha256.ts';
import { SEEN_IN_PODS, workloadsOf } from '../workload.ts';
import type { WorldView } from '../world.ts';
import { setOf } from './set-of.ts';

/** A pod without what is its own and without secrets, as a template is. */
interface Template {
  readonly hash: string;
  readonly template: JsonObject;
}

interface SeenPod {
  /** Names its content. */
  readonly content: string;
  readonly created: string;
  readonly apiVersion: string;
}

/** What pods that have not ended say of the controller that they name. */
interface SeenController extends Controller {
  readonly namespace: string;
  readonly pods: Map<string, SeenPod>;
  /** By content. */
  readonly templates: Map<string, Template>;
  made?: { readonly of: string; readonly real: Resource | undefined; readonly resource: Resource };
}

/** Of so many contents it is told what they run: the newest. */
const MOST_TEMPLATES = 20;

/**
 * The controllers of a custom group that pods name: where neither they, as far as they are seen, nor anything above them has a
 * template, each is a workload that is made of its pods, in their namespace. Cost: the pods of the controllers that are touched.
 */
export class SeenInPods {
  /** By the id that a controller has in the namespace of its pods. */
  private readonly controllers = new Map<string, SeenController>();
  private readonly controllerOf = new Map<string, string>();
  /** By each id that the object can have. */
  private readonly named = new Map<string, Set<string>>();
  private readonly touched = new Set<string>();

  /** @param content names the content of the pod. */
  note(pod: Resource, controller: Controller, content: string): void {
    if (isBuiltInGroup(groupOf(controller.groupKind))) {
      this.forget(pod.id);
      return;
    }
    const [id = '', ...others] = ownerIds(pod, controller);
    if (this.controllerOf.get(pod.id) !== id) this.forget(pod.id);
    let seen = this.controllers.get(id);
    if (seen === undefined) {
      seen = { ...controller, namespace: pod.namespace, pods: new Map(), templates: new Map() };
      this.controllers.set(id, seen);
      for (const each of [id, ...others]) setOf(this.named, each).add(id);
    }
    if (!seen.templates.has(content)) seen.templates.set(content, templateOf(pod));
    const created = stringAt(pod.object, 'metadata', 'creationTimestamp') ?? '';
    const apiVersion = stringAt(referenceToController(pod.object), 'apiVersion') ?? '';
    const known = seen.pods.get(pod.id);
    if (known?.content === content && known.created === created && known.apiVersion === apiVersion) return;
    seen.pods.set(pod.id, { content, created, apiVersion });
    this.controllerOf.set(pod.id, id);
    this.touched.add(id);
  }

  /** Takes away a pod that is gone, has ended, or names another controller. */
  forget(pod: string): void {
    const id = this.controllerOf.get(pod);
    if (id === undefined) return;
    this.controllerOf.delete(pod);
    this.controllers.get(id)?.pods.delete(pod);
    this.touched.add(id);
  }

  /**
   * Takes the ids of the controllers of which something changed: of their pods, or of objects.
   *
   * @param changed ids of objects that changed, and of what these control.
   */
  takeTouched(changed: Iterable<string>): readonly string[] {
    for (const each of changed) for (const id of this.named.get(each) ?? []) this.touched.add(id);
    const ids = [...this.touched];
    this.touched.clear();
    return ids;
  }

  /**
   * The workload that is made of pods; undefined where there is none. The same one as before where nothing of it is different.
   *
   * @param seen finds everything as it was seen, with its templates.
   */
  workload(id: string, seen: Pick<WorldView, 'find'>): Resource | undefined {
    const controller = this.controllers.get(id);
    if (controller === undefined) return undefined;
    const { groupKind, namespace, name, pods, templates, made } = controller;
    if (pods.size === 0) {
      this.controllers.delete(id);
      this.unname(id, controller);
      return undefined;
    }
    if (!isSeenInPods(seen, controller, controller)) return undefined;
    const contents = newest(pods);
    for (const content of templates.keys()) if (!contents.has(content)) templates.delete(content);
    const shown = shownOf([...contents.keys()].flatMap((content) => templates.get(content) ?? []));
    const apiVersion = [...pods.values()].map((pod) => pod.apiVersion).sort()[0] ?? '';
    const real = seen.find(groupKind, namespace, name);
    const of = [apiVersion, ...shown.map(({ hash }) => hash)].join(' ');
    if (made?.of === of && made.real === real) return made.resource;
    const kind = groupKind.slice(groupKind.indexOf('/') + 1);
    const bare = { apiVersion, kind, metadata: { name, namespace } };
    const base = real ?? toResource(bare, FROM_PODS);
    const workloads = workloadsOf({ [SEEN_IN_PODS]: shown.map(({ template }) => template) }, groupKind);
    if (workloads.length === 0) return undefined;
    const resource: Resource = { ...base, workloads, seenInPods: real === undefined ? 'object' : 'template' };
    controller.made = { of, real, resource };
    return resource;
  }

  private unname(id: string, controller: SeenController): void {
    for (const each of ownerIds(controller, controller)) {
      const ids = this.named.get(each);
      ids?.delete(id);
      if (ids?.size === 0) this.named.delete(each);
    }
  }
}

/**
 * Whether a controller is seen in its pods alone: it is of a custom group, and neither it, as far as it is seen, nor anything above it
 * has a template.
 *
 * @param place where the pods are.
 */
export function isSeenInPods(
  seen: Pick<WorldView, 'find'>,
  place: Pick<Resource, 'namespace'>,
  controller: Controller,
): boolean {
  if (isBuiltInGroup(groupOf(controller.groupKind))) return false;
  const object = findController(seen, place, controller);
  return object === undefined || ![object, ...controllersOf(seen, object)].some(hasTemplate);
}

/** No object was told by the API server. */
const FROM_PODS = { kind: 'cluster', cluster: '', resourceVersion: '' } as const;

function hasTemplate({ workloads }: Resource): boolean {
  return workloads.length > 0;
}

function templateOf(pod: Resource): Template {
  const { metadata, spec } = securityContent(pod.object).body;
  const template = { ...(metadata !== undefined && { metadata }), ...(spec !== undefined && { spec }) };
  return { hash: sha256(canonicalJson(template)), template };
}

/** When the newest pod of each content was made, the newest first. */
function newest(pods: ReadonlyMap<string, SeenPod>): ReadonlyMap<string, string> {
  const contents = new Map<string, string>();
  for (const { content, created } of pods.values())
    if (created >= (contents.get(content) ?? '')) contents.set(content, created);
  return new Map(
    [...contents].sort(([a, was], [b, is]) => (was === is ? (a < b ? -1 : 1) : was < is ? 1 : -1)),
  );
}

/** Each template once, as many as are told; in an order that does not change when a pod is made anew. */
function shownOf(templates: readonly Template[]): readonly Template[] {
  const byHash = new Map(templates.map((each) => [each.hash, each]));
  return [...byHash.values()].slice(0, MOST_TEMPLATES).sort((a, b) => (a.hash < b.hash ? -1 : 1));
}
