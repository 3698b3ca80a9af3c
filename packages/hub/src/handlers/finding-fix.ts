import {
  applyEdits,
  type Control,
  clusterRules,
  type Edit,
  expandDocument,
  isSameJson,
  type KubernetesVersion,
  lineStartsOf,
  type Resource,
} from '@bulwark/core';
import { applySplices, CannotSplice, readDocuments, splicesOf, unifiedDiff } from '@bulwark/formats';
import { clusterFacts, type Scope, type Store } from '@bulwark/store';
import { Bench, neighbours } from './bench.ts';
import { kindOf } from './convert.ts';

/** Which finding is to be mended, and where its object stands. */
export interface FixRequest {
  readonly store: Store;
  readonly scope: Scope;
  readonly controls: ReadonlyMap<string, Control>;
  readonly finding: {
    readonly clusterId: number;
    readonly fingerprint: string;
    readonly control: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  };
  /** The object, as it is shown. */
  readonly yaml: string;
  readonly asOf: Date | undefined;
}

/** The remedy of a finding. */
export interface FindingFix {
  /** Unified diff of the object as it is shown. */
  readonly patch: string;
  readonly grade: 'safe' | 'may break';
  readonly why: string | null;
  /** Among what the patched object was judged again, and what was not looked at, in sentences. */
  readonly judgedWith: string;
}

/**
 * The fix of a finding's control, made in the object's YAML as `bulwark fix` makes it in a file. It is given only where it
 * proves itself: the object judged again, among the objects that stand around it, has lost the finding and has no other
 * that it did not have.
 */
export async function fixOf(request: FixRequest): Promise<FindingFix | null> {
  const { store, scope, controls, finding, yaml, asOf } = request;
  const fix = controls.get(finding.control)?.fix;
  const [facts] = await clusterFacts(store, scope);
  const kubernetes = facts && clusterRules(facts.version).version;
  if (fix === undefined || kubernetes === undefined) return null;
  const before = objectIn(yaml, kubernetes);
  if (before === undefined) return null;
  const around = { store, scope, controls, cluster: finding.clusterId, asOf };
  const bench = new Bench(await neighbours(around, before), [...controls.values()], kubernetes);
  const all = bench.judge(before);
  const edits = all.find(({ fingerprint }) => fingerprint === finding.fingerprint)?.edits ?? [];
  const splices = splicesFor(yaml, before, edits);
  if (splices === undefined) return null;
  const after = objectIn(applySplices(yaml, splices), kubernetes);
  if (after === undefined || !isSameJson(applyEdits(before.object, edits), after.object)) return null;
  const known = new Set(all.map(({ fingerprint }) => fingerprint));
  known.delete(finding.fingerprint);
  if (!bench.judge(after).every(({ fingerprint }) => known.has(fingerprint))) return null;
  const file = fileOf(finding);
  const patch = unifiedDiff({ before: `a/${file}`, after: `b/${file}` }, { before: yaml, splices });
  const why = fix.why === '' ? null : fix.why;
  return { patch, grade: fix.grade, why, judgedWith: judgedWith(before, scope) };
}

/** The object that a text holds; undefined where it is not exactly one that can be read. */
function objectIn(yaml: string, kubernetes: KubernetesVersion): Resource | undefined {
  const { documents, problems } = readDocuments(yaml);
  const lines = { file: '', lineStarts: lineStartsOf(yaml) };
  const resources = documents.flatMap(
    (document) => expandDocument(document, lines, { kubernetes }).resources,
  );
  return problems.length === 0 && resources.length === 1 ? resources[0] : undefined;
}

/** How edits are made in a text; undefined where it has no place for them, or there are none. */
function splicesFor(yaml: string, { object, origin }: Resource, edits: readonly Edit[]) {
  if (origin.kind !== 'file' || edits.length === 0) return undefined;
  try {
    return splicesOf(yaml, { object, offsets: origin.offsets, node: origin.node }, edits);
  } catch (error) {
    if (error instanceof CannotSplice) return undefined;
    throw error;
  }
}

function fileOf({ kind, namespace, name }: FixRequest['finding']): string {
  return `${namespace === '' ? '' : `${namespace}/`}${kindOf(kind).toLowerCase()}-${name}.yaml`;
}

/** Who sees some namespaces only gets a proof among these. */
function judgedWith({ namespace }: Resource, { namespaces }: Scope): string {
  const own = namespace === '' ? '' : 'the objects of its namespace, ';
  const seen = namespaces === 'all' ? '' : ' that you see';
  return `It was judged among ${own}what belongs to no namespace, and of other namespaces${seen} the workloads, roles, bindings, Services, Ingresses and grants that controls look at there. What it changes for other objects was not judged.`;
}
