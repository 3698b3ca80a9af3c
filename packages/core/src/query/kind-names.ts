import { type GroupKind, groupKindOf } from '../group-kind.ts';
import { foldCase } from './fold-case.ts';
import type { TextPattern } from './query.ts';

/** What a query can call a kind: by its name alone, or as addresses of pages do. */
interface KindNames {
  /** `Cluster`, whichever group has it. */
  readonly alone: string;
  /** With its API group: `Cluster.cluster.x-k8s.io`. Of the core group nothing stands behind the dot: `Service.`. */
  readonly withGroup: string;
}

/** Both names of a kind. */
export function namesOfKind(kind: GroupKind): KindNames {
  const slash = kind.lastIndexOf('/');
  const alone = kind.slice(slash + 1);
  return { alone, withGroup: `${alone}.${kind.slice(0, Math.max(0, slash))}` };
}

/** The kind that an address names, `Deployment.apps` or `Pod`, as a World has it. */
export function kindOfAddress(text: string): GroupKind {
  const [kind = '', ...group] = text.split('.');
  return groupKindOf(group.join('.'), kind);
}

/** Whether a pattern is of kinds with their groups: no kind has a dot in its name. */
export function saysGroup(parts: TextPattern): boolean {
  return parts.some((part) => part.includes('.'));
}

/** The names that kinds of several groups have. */
export function sharedNames(kinds: Iterable<GroupKind>): ReadonlySet<string> {
  const names = [...new Set(kinds)].map((kind) => foldCase(namesOfKind(kind).alone));
  return new Set(names.filter((name, index) => names.indexOf(name) !== index));
}

/**
 * What a query calls a kind so that it finds no other.
 *
 * @param shared the names that kinds of several groups have.
 */
export function nameInQuery(kind: GroupKind, shared: ReadonlySet<string>): string {
  const { alone, withGroup } = namesOfKind(kind);
  return shared.has(foldCase(alone)) || alone.includes('.') ? withGroup : alone;
}
