import { FRAMEWORKS } from '@bulwark/controls';
import {
  type CoverageEntry,
  countWorkloads,
  type Finding,
  type KubernetesVersion,
  labelsOf,
  objectAt,
  positionOf,
  type Resource,
  type World,
} from '@bulwark/core';
import { controlsOf } from './choose-controls.ts';

/** The levels of the Pod Security Standards, strictest first. */
const LEVELS = ['restricted', 'baseline', 'privileged'] as const;
export type Level = (typeof LEVELS)[number];

const PREFIX = 'pod-security.kubernetes.io/';

/** What a namespace could enforce today. */
export interface NamespaceLevel {
  readonly namespace: string;
  /** As a hub counts them: none for pods of which the controller was not read. */
  readonly workloads: number;
  /** Whether nothing was read of it that has pods or is one. */
  readonly isEmpty: boolean;
  /** What its manifest enforces already, and by the rules of which version; undefined when it says nothing. */
  readonly enforced?: string;
  readonly enforcedVersion?: string;
  /** Whether all that may belong to it was judged, and there was anything. */
  readonly isComplete: boolean;
  /** The strictest level that nothing which was read stands against. */
  readonly atMost: Level;
  /** The strictest level that every workload of it passes; undefined when that cannot be told. */
  readonly passes?: Level;
  /** The next stricter one, and the findings in its way. */
  readonly next?: Level;
  readonly blocking: readonly Finding[];
  /** What to set, where that changes something and weakens nothing. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** What was read and judged by the controls of the Pod Security Standards. */
export interface PodSecurityInput {
  readonly resources: readonly Resource[];
  readonly world: World;
  readonly findings: readonly Finding[];
  readonly coverage: readonly CoverageEntry[];
  readonly kubernetes: KubernetesVersion;
  /** The namespaces that were asked for; all when empty. */
  readonly namespaces: readonly string[];
}

/** The ids of the controls that a level consists of, the others' included. */
export function controlsOfLevel(level: 'restricted' | 'baseline'): string[] {
  const ids = level === 'baseline' ? ['pss-baseline'] : ['pss-baseline', 'pss-restricted'];
  return [...new Set(controlsOf(FRAMEWORKS.filter(({ id }) => ids.includes(id))))];
}

/** The level of every namespace that has a workload or a manifest, or was asked for, by name. */
export function levelsOf(input: PodSecurityInput): NamespaceLevel[] {
  const found = new Map<string, NamespaceContent>();
  const contentOf = (namespace: string): NamespaceContent => {
    const content = found.get(namespace) ?? { templates: [], manifests: [], findings: [] };
    found.set(namespace, content);
    return content;
  };
  for (const resource of input.resources) {
    if (resource.workloads.length > 0) contentOf(resource.namespace).templates.push(resource);
    if (resource.groupKind === 'Namespace') contentOf(resource.name).manifests.push(resource);
  }
  for (const finding of input.findings) contentOf(finding.resource.namespace).findings.push(finding);
  for (const namespace of input.namespaces) contentOf(namespace);
  const baseline = new Set(controlsOfLevel('baseline'));
  const isAnythingLost = hasUnplacedLoss(input);
  return [...found]
    .filter(([namespace]) => input.namespaces.length === 0 || input.namespaces.includes(namespace))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, content]) => levelOf(namespace, content, { input, isAnythingLost, baseline }));
}

interface NamespaceContent {
  /** What has pods, and pods. */
  readonly templates: Resource[];
  readonly manifests: Resource[];
  /** Against the strictest level, the less strict ones included. */
  readonly findings: Finding[];
}

/** What is the same for all namespaces. */
interface Shared {
  readonly input: PodSecurityInput;
  readonly isAnythingLost: boolean;
  /** The ids of the controls of the level baseline. */
  readonly baseline: ReadonlySet<string>;
}

function levelOf(
  namespace: string,
  { templates, manifests, findings }: NamespaceContent,
  { input, isAnythingLost, baseline }: Shared,
): NamespaceLevel {
  const againstBaseline = findings.filter(({ control }) => baseline.has(control));
  const blocking = againstBaseline.length > 0 ? againstBaseline : findings;
  const atMost = againstBaseline.length > 0 ? 'privileged' : blocking.length > 0 ? 'baseline' : 'restricted';
  const next = LEVELS[LEVELS.indexOf(atMost) - 1];
  const isEmpty = templates.length === 0;
  const isComplete = !isAnythingLost && !isEmpty && !templates.some(isMalformed);
  // Whatever was not seen, nothing is weaker than the weakest.
  const passes = isComplete || atMost === 'privileged' ? atMost : undefined;
  const declared = declaredLabels(manifests);
  const { enforce, 'enforce-version': version } = declared;
  const labels =
    passes && labelsToSet(declared, { passes, next: next ?? passes, kubernetes: input.kubernetes });
  return {
    namespace,
    workloads: countWorkloads(input.world, templates),
    isEmpty,
    ...(enforce !== undefined && { enforced: enforce }),
    ...(version !== undefined && { enforcedVersion: version }),
    isComplete,
    atMost,
    ...(passes !== undefined && { passes }),
    ...(next !== undefined && { next }),
    blocking,
    ...(labels !== undefined && { labels }),
  };
}

/** How strict a level is, from 0 on, the strictest first; a text that is none comes last. */
export function rankOf(level: string | undefined): number {
  const rank = (LEVELS as readonly (string | undefined)[]).indexOf(level);
  return rank < 0 ? LEVELS.length : rank;
}

type Labels = Readonly<Record<string, string | undefined>>;

/** The labels of Pod Security in the manifests of a namespace, without their prefix: of several manifests the strictest. */
function declaredLabels(manifests: readonly Resource[]): Labels {
  const [strictest = {}] = manifests
    .map(({ object }) => labelsOf(objectAt(object, 'metadata')))
    .toSorted((a, b) => rankOf(a[`${PREFIX}enforce`]) - rankOf(b[`${PREFIX}enforce`]));
  const own = Object.entries(strictest).filter(([key]) => key.startsWith(PREFIX));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(PREFIX.length), value]));
}

/**
 * Labels that enforce what passes, at the version whose rules it passes, and warn of what the next level would refuse. None
 * that the namespace has already, and none at all where it enforces more than passes.
 */
function labelsToSet(
  declared: Labels,
  {
    passes,
    next,
    kubernetes,
  }: { readonly passes: Level; readonly next: Level; readonly kubernetes: KubernetesVersion },
): Readonly<Record<string, string>> | undefined {
  if (rankOf(declared['enforce']) < rankOf(passes)) return undefined;
  const heard = (mode: 'warn' | 'audit'): Level =>
    LEVELS.find((level) => level === declared[mode] && rankOf(level) < rankOf(next)) ?? next;
  const wanted = {
    ...(declared['enforce'] !== passes && { enforce: passes, 'enforce-version': `v${kubernetes.text}` }),
    warn: heard('warn'),
    audit: heard('audit'),
  };
  const missing = Object.entries(wanted).filter(([key, value]) => declared[key] !== value);
  if (missing.length === 0) return undefined;
  return Object.fromEntries(missing.map(([key, value]) => [`${PREFIX}${key}`, value]));
}

function isMalformed({ workloads }: Resource): boolean {
  return workloads.some(({ malformed }) => malformed.length > 0);
}

/**
 * What was lost and may hold pods of any namespace: all but malformed pods, whose namespace is known because they were
 * read.
 */
function hasUnplacedLoss({ resources, coverage }: PodSecurityInput): boolean {
  const malformed = new Set(resources.filter(isMalformed).map(placeOf));
  return coverage.some(
    ({ code, kind, file, line, column }) =>
      kind === 'lost' && !(code === 'malformed-object' && malformed.has(`${file}:${line}:${column}`)),
  );
}

function placeOf({ origin }: Resource): string {
  if (origin.kind !== 'file') return '';
  const { line, column } = positionOf(origin.lines, origin.offsets[origin.node + 1] ?? 0);
  return `${origin.lines.file}:${line}:${column}`;
}
