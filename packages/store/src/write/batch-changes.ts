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

type About = ObjectKey & Pick<FindingRow, 'control' | 'causes' | 'restsOn'>;
type Wanted = (change: WrittenChange) => boolean;

/** What tells which of several changes is behind a finding. */
export interface Signs {
  /** When the objects were created that came in the batch, RFC 3339, by `keyOf`. */
  readonly created: ReadonlyMap<string, string>;
  /** On what the findings rested that end with it, by `keyOfFound`. */
  readonly rested: ReadonlyMap<string, readonly string[]>;
  /** The findings at whose place their object is otherwise than before, by `keyOfFound`. */
  readonly placed: ReadonlySet<string>;
}

const NO_SIGNS: Signs = { created: new Map(), rested: new Map(), placed: new Set() };

/** Names what a control finds on an object. */
export function keyOfFound({ control, ...object }: ObjectKey & Pick<FindingRow, 'control'>): string {
  return `${control} ${keyOf(object)}`;
}

/**
 * The changes that a batch makes: of objects, and of workloads by what belongs to these. Which pods show a finding decides whose change
 * is behind it, as others of the same workload may change at once. Behind what no pod shows alone is its object, or an object on which
 * it rests, such as the binding of an account. Where several of these changed at once it is, in this order:
 *
 * 1. the one that came or went, as without it the finding would not have come or ended; of several that came the one created last, as
 *    only then all was there; of those of one second, and of several that went, the first of its object and of what it rests on;
 * 2. its object, where that is otherwise at the place of the finding;
 * 3. the first of what it rests on, and then its object.
 */
export class BatchChanges {
  private readonly own = new Map<string, WrittenChange>();
  private readonly belonging = new Map<string, WrittenChange[]>();
  private readonly all: readonly WrittenChange[];
  private readonly signs: Signs;

  /** @param changes in the order in which what changed was seen. */
  constructor(changes: Iterable<WrittenChange>, signs: Signs = NO_SIGNS) {
    this.all = [...changes];
    this.signs = signs;
    for (const change of this.all) {
      this.own.set(keyOf(change), change);
      const { ownerKind, ownerName } = change;
      if (ownerKind === null || ownerName === null) continue;
      for (const namespace of new Set([change.namespace, ''])) {
        const owner = keyOf({ kind: ownerKind, namespace, name: ownerName });
        this.belonging.set(owner, [...(this.belonging.get(owner) ?? []), change]);
      }
    }
  }

  /** The same changes, of which more is known. */
  knowing(signs: Signs): BatchChanges {
    return new BatchChanges(this.all, signs);
  }

  /** The objects that came in the batch. */
  *came(): Generator<ObjectKey> {
    for (const change of this.all) if (change.verb === 'created') yield change;
  }

  /** The change of the object of a finding, where it depends on its place whether that or another one is behind it. */
  undecided(about: About): WrittenChange | undefined {
    const [own, ...rests] = this.behind(about);
    if (own === undefined || rests.length === 0) return undefined;
    return [own, ...rests].every(isOtherwise) ? own : undefined;
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

  private ofItself(about: About): number | undefined {
    const [own, ...rests] = this.behind(about);
    const createdAt = (change: WrittenChange): string => this.signs.created.get(keyOf(change)) ?? '';
    let last: WrittenChange | undefined;
    for (const change of own === undefined ? rests : [own, ...rests])
      if (!isOtherwise(change) && (last === undefined || createdAt(change) > createdAt(last))) last = change;
    const placed = this.signs.placed.has(keyOfFound(about)) ? own : undefined;
    return (last ?? placed ?? rests[0] ?? own)?.id;
  }

  /** The changes of the object of a finding, and of what it rests on. */
  private behind(about: About): readonly [WrittenChange | undefined, ...WrittenChange[]] {
    const rests = about.restsOn ?? this.signs.rested.get(keyOfFound(about)) ?? about.causes ?? [];
    return [this.own.get(keyOf(about)), ...rests.flatMap((key) => this.own.get(key) ?? [])];
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

function isOtherwise({ verb }: WrittenChange): boolean {
  return verb === 'changed';
}

function hasContent(shownIn: ShownIn | undefined, content: string | null): boolean {
  return content !== null && shownIn?.contents.includes(content) === true;
}
