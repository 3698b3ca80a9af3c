/** Why a list is empty, and what to do about it. */
export interface EmptyWords {
  readonly title: string;
  readonly text: string;
}

/** What narrows a list. */
export interface Narrowed {
  readonly q?: string | undefined;
  readonly namespace?: string | undefined;
}

/** Said of an empty list where what is looked at was narrowed; undefined where it was not. */
export function nothingFound({ q, namespace }: Narrowed): EmptyWords | undefined {
  const place = namespace === undefined ? '' : ` in the namespace ${namespace}`;
  if (q !== undefined)
    return {
      title: `Nothing${place} fits the query.`,
      text: `Take away a part of it${place === '' ? '' : ', or look at all namespaces,'} to see more.`,
    };
  if (place === '') return undefined;
  return { title: `There is nothing of it${place}.`, text: 'Look at all namespaces to see more.' };
}
