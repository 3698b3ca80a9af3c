import { printQuery } from './print.ts';
import { joinQueries, type Query } from './query.ts';

/** What two queries find together; what the first one says already is not said again. */
export function narrowQuery(query: Query, further: Query): Query {
  const said = new Set(termsOf(query).map(printQuery));
  return joinQueries('and', [query, ...termsOf(further).filter((term) => !said.has(printQuery(term)))]);
}

function termsOf(query: Query): readonly Query[] {
  return query.op === 'and' ? query.items : [query];
}
