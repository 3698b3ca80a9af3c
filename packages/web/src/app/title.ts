const PRODUCT = 'Bulwark';

/** What is shown. */
export interface Shown {
  /** The name of the page; absent where nothing is shown. */
  readonly page?: string | undefined;
  /** The object that the page is of; a namespace of `-` is none. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly query?: string | undefined;
  /** The moment of it in words, where that is not now. */
  readonly moment?: string | undefined;
}

/** What tells a tab from others: the object or the query, the page and the moment. */
export function titleOf({ page, namespace = '-', name, query, moment }: Shown): string {
  const object = namespace === '-' ? name : `${namespace} / ${name}`;
  const when = moment === undefined ? undefined : `as of ${moment}`;
  const parts = [name === undefined ? query : object, page, when, PRODUCT];
  return parts.filter((part) => part !== undefined).join(' · ');
}
