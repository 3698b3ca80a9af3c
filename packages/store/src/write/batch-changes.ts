import type { FindingRow, ObjectKey, ShownIn } from './rows.ts';

export function keyOf({ kind, namespace, name }: ObjectKey): string {
  return `${kind}|${namespace}|${name}`;
}

/** A change that a batch makes. */
export interface WrittenChange extends ObjectKey {
  readonly id: number;
  readonly verb: 'created' | 'changed' | 'deleted';
  /** Names the content of its object before and after, 32 hexadecimal digits; null where that was not there. */
  readonly before: string | null;
  readonly after: string | null;
  /** The workload to which a pod, or what stands between, belongs; null where it belongs to itself. */
  readonly ownerKind: string | null;
  readonly ownerName: string | null;
}

type About = ObjectKey & Pick<FindingRow, 'causes'>;
type Wanted = (change: WrittenChange) => boolean;

/**
 * The changes that a batch makes: of objects, and of workloads by what belongs to these. Which pods show a finding decides whose change
 * is behind it, as others of the same workload may change at once. Behind what no pod shows alone is its object, or else an object in
 * which its cause lies, such as the binding of an account.
 */
export class BatchChanges {
  private readonly own = new Map<string, WrittenChange>();
  private readonly belonging = new Map<string, WrittenChange[]>();

  /** @param changes in the order in which what changed was seen. */
  constructor(changes: Iterable<WrittenChange>) {
    for (const change of changes) {
      this.own.set(keyOf(change), change);
      const { ownerKind, ownerName } = change;
      if (ownerKind === null || ownerName === null) continue;
      for (const namespace of new Set([change.namespace, ''])) {
        const owner = keyOf({ kind: ownerKind, namespace, name: ownerName });
        this.belonging.set(owner, [...(this.belonging.get(owner) ?? []), change]);
      }
    }
  }

  /** The change of an object itself. */
  of(object: ObjectKey): number | undefined {
    return this.own.get(keyOf(object))?.id;
  }

  /** The change by which a finding came, or says something else. */
  opening(about: About, shownIn: ShownIn | undefined): number | undefined {
    const began: Wanted = ({ before, after }) => hasContent(shownIn, after) && !hasContent(shownIn, before);
    return this.podsOf(about).find(began)?.id ?? this.ofItself(about) ?? this.between(about, shownIn)?.id;
  }

  /**
   * The change by which a finding ended.
   *
   * @param shownIn the pods that alone showed it; `unknown` where nobody looked when they did.
   */
  ending(about: About, shownIn: ShownIn | 'unknown' | undefined): number | undefined {
    const own = this.own.get(keyOf(about));
    if (own?.verb === 'deleted') return own.id;
    if (shownIn === 'unknown') return this.onlyEnd(about)?.id ?? this.ofItself(about);
    const ceased: Wanted = ({ before, after }) => hasContent(shownIn, before) && !hasContent(shownIn, after);
    return (
      this.podsOf(about).findLast(ceased)?.id ?? this.ofItself(about) ?? this.between(about, shownIn)?.id
    );
  }

  private ofItself({ causes = [], ...object }: About): number | undefined {
    return [keyOf(object), ...causes].map((key) => this.own.get(key)?.id).find((id) => id !== undefined);
  }

  private podsOf(owner: ObjectKey): readonly WrittenChange[] {
    return (this.belonging.get(keyOf(owner)) ?? []).filter(({ kind }) => kind === 'Pod');
  }

  /** Of what makes the pods that show it, as a Job does that somebody made by hand under a CronJob: these are no news themselves. */
  private between(owner: ObjectKey, shownIn: ShownIn | undefined): WrittenChange | undefined {
    if (shownIn === undefined) return undefined;
    const controllers = new Set(shownIn.controllers);
    return this.belonging.get(keyOf(owner))?.find((change) => controllers.has(keyOf(change)));
  }

  /** The last of the pods that are otherwise or gone, where all of them were the same: nobody is blamed for what another may have done. */
  private onlyEnd(owner: ObjectKey): WrittenChange | undefined {
    const ended = this.podsOf(owner).filter(({ before }) => before !== null);
    return new Set(ended.map(({ before }) => before)).size === 1 ? ended.at(-1) : undefined;
  }
}

function hasContent(shownIn: ShownIn | undefined, content: string | null): boolean {
  return content !== null && shownIn?.contents.includes(content) === true;
}
