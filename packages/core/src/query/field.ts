/**
 * What a field's values are. `text` is matched with `*`, letters A to Z whatever their case, `enum` is one of a closed list,
 * `time` is a moment, `duration` a length of time, `number` a decimal number.
 */
export type QueryFieldType = 'text' | 'enum' | 'boolean' | 'time' | 'duration' | 'number';

/** One field that a query can ask for: data, shared by the parser, the completion, SQL and the page's help. */
export interface QueryField {
  /** In kebab case, unique in its list: `first-seen`. */
  readonly name: string;
  readonly type: QueryFieldType;
  /** For people, in one sentence. */
  readonly description: string;
  /** Other names by which a query may call it. */
  readonly synonyms?: readonly string[];
  /** The values of an enum; an ordered one from the least to the most. */
  readonly values?: readonly string[];
  /** Whether an enum's values can be compared with `<` and `>`. */
  readonly isOrdered?: boolean;
  /** Whether a time mostly lies in the future, such as that of an end. */
  readonly isAhead?: boolean;
  /**
   * Whether its values are kinds: a value with a dot is one with its API group, `Cluster.cluster.x-k8s.io`, and `Service.` the one
   * of the core group.
   */
  readonly isKind?: boolean;
  /** Whether a record may have no value, so that `field:none` finds it. */
  readonly canBeNone?: boolean;
}

/** Whether a field's values can be compared with `<` and `>`. */
export function isOrderedField({ type, isOrdered: isOrderedEnum }: QueryField): boolean {
  return (
    type === 'time' || type === 'duration' || type === 'number' || (type === 'enum' && isOrderedEnum === true)
  );
}

/** The field that a query means by a name or a synonym, whatever its case. */
export function findField(fields: readonly QueryField[], name: string): QueryField | undefined {
  const wanted = name.toLowerCase();
  return (
    fields.find((field) => field.name === wanted) ?? fields.find(({ synonyms }) => synonyms?.includes(wanted))
  );
}
