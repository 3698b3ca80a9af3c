import { FRAMEWORKS, findControls } from '@bulwark/controls';
import {
  type Control,
  Engine,
  type JsonObject,
  joinContent,
  type KubernetesVersion,
  labelsOf,
  Plan,
  parseKubernetesVersion,
  type Resource,
  toResource,
} from '@bulwark/core';
import { BodyFacts } from './body-facts.ts';

/** The levels of the Pod Security Standards, the least strict first. */
export const LEVELS = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof LEVELS)[number];

const ENFORCE = 'pod-security.kubernetes.io/enforce';

/** What a namespace enforces, and by the rules of which version where that is not its cluster's. */
export interface Enforced {
  /** Null for no label, which refuses nothing. */
  readonly level: Level | null;
  /** Undefined for those of the cluster: nothing is enforced, or by the newest rules that its API server knows. */
  readonly version: KubernetesVersion | undefined;
}

/**
 * What the labels of a namespace enforce. A version that is none counts as `latest` to the API server, and a later one than its
 * own has no rules that it knows.
 */
export function enforcedBy(labels: Readonly<Record<string, string>>, cluster: KubernetesVersion): Enforced {
  const level = LEVELS.find((each) => each === labels[ENFORCE]) ?? null;
  const pinned = /^v(1\.(?:0|[1-9]\d*))$/.exec(labels[`${ENFORCE}-version`] ?? '')?.[1];
  const known = pinned === undefined ? undefined : parseKubernetesVersion(pinned);
  const isOlder = level !== null && known?.ok === true && known.value.minor < cluster.minor;
  return { level, version: isOlder ? known.value : undefined };
}

/** The strictest level that is passed, and the controls in the way of the next one. */
export interface PossibleLevel {
  readonly level: Level;
  readonly blockedBy: readonly string[];
}

function controlsOf(framework: string): readonly Control[] {
  const requirements = FRAMEWORKS.find(({ id }) => id === framework)?.requirements ?? [];
  const ids = requirements.flatMap(({ coverage }) =>
    coverage.kind === 'automated' ? coverage.controls : [],
  );
  return [...new Set(ids)].flatMap((id) => findControls(id));
}

/** The restricted level contains the baseline. */
const RESTRICTED = controlsOf('pss-restricted');
const PLAN = new Plan(RESTRICTED);
const ORDER: readonly string[] = RESTRICTED.map(({ id }) => id);
const BASELINE: ReadonlySet<string> = new Set(controlsOf('pss-baseline').map(({ id }) => id));

interface Judged {
  /** The controls that are not passed; what cannot be judged is not passed. */
  readonly failing: readonly string[];
  /** Those of them that are known to fail. */
  readonly failed: readonly string[];
}

function judged(resource: Resource, version: KubernetesVersion): Judged {
  const failing: string[] = [];
  const failed: string[] = [];
  new Engine(PLAN, version).evaluate(resource, ({ id }, { verdict }) => {
    if (verdict !== 'pass' && verdict !== 'not-applicable') failing.push(id);
    if (verdict === 'fail') failed.push(id);
  });
  return { failing, failed };
}

/** The controls of the standards that what runs here does not pass. What cannot be judged is not passed. */
export function failing(resource: Resource, version: KubernetesVersion): readonly string[] {
  return judged(resource, version).failing;
}

/** The failed controls for which a level refuses a pod, in the order of the standards. */
export function refusedBy(level: Level, failed: Iterable<string>): readonly string[] {
  if (level === 'privileged') return [];
  const ids = new Set(failed);
  return ORDER.filter((id) => ids.has(id) && (level === 'restricted' || BASELINE.has(id)));
}

/** The level of which none of the failed controls is. */
export function levelOf(failed: Iterable<string>): PossibleLevel {
  const ids = new Set(failed);
  const inOrder = ORDER.filter((id) => ids.has(id));
  const ofBaseline = inOrder.filter((id) => BASELINE.has(id));
  if (ofBaseline.length > 0) return { level: 'privileged', blockedBy: ofBaseline };
  return inOrder.length > 0
    ? { level: 'baseline', blockedBy: inOrder }
    : { level: 'restricted', blockedBy: [] };
}

/** A stored body as the resource that it is of; names are not in it. */
export function resourceOfBody(body: JsonObject): Resource {
  return toResource(joinContent({ body, instance: {} }), {
    kind: 'cluster',
    cluster: '',
    resourceVersion: '',
  });
}

/** What is told of what runs by its body alone. */
export interface PodFacts extends Judged {
  /** The labels of its pods, for each of its templates. */
  readonly labels: readonly Readonly<Record<string, string>>[];
}

const byVersion = new Map<string, BodyFacts<PodFacts>>();

/** The facts of what runs in clusters of a version. */
export function podFacts(version: KubernetesVersion): BodyFacts<PodFacts> {
  let facts = byVersion.get(version.text);
  if (facts === undefined) {
    facts = new BodyFacts((body) => {
      const resource = resourceOfBody(body);
      return {
        ...judged(resource, version),
        labels: resource.workloads.map(({ metadata }) => labelsOf(metadata)),
      };
    });
    byVersion.set(version.text, facts);
  }
  return facts;
}
