import { addressOf, ROUTES, type RouteContract } from '@bulwark/api';
import { z } from 'zod';
import type { RunningHub } from '../../e2e/hub/running-hub.testing.ts';
import { askAnew } from './ask.ts';

/** Requests of one sort: of one route, in one manner. */
export interface RequestGroup {
  readonly name: string;
  readonly kind: 'list' | 'as of' | 'completion';
  /** Paths with their queries. */
  readonly addresses: readonly string[];
}

type Query = Readonly<Record<string, string>>;

const REFUSED = 400;
/** What no sums of findings tell. */
const UNSUMMED = 'container:none';
/** What is in the past alone. */
const RESOLVED = 'state:resolved';

/**
 * All that lists are asked for, made from the contracts, so that a new route is measured without a word here: every route
 * that answers items; where it can be asked, with every order, and one query for each field that completion tells.
 */
export async function requestGroups(hub: RunningHub, asOf: Date): Promise<RequestGroup[]> {
  const completions = completionQueries();
  const terms = await termsOf(hub, completions);
  const groups: RequestGroup[] = [
    {
      name: 'completion',
      kind: 'completion',
      addresses: [...completions, ...[...terms.keys()].flatMap((list) => fieldsOf(list, terms))],
    },
  ];
  for (const contract of Object.values<RouteContract>(ROUTES)) {
    if (!isList(contract)) continue;
    const asked = contract.query?.shape ?? {};
    // What compares two moments answers for one of the past.
    const isOfPast = contract.query?.safeParse({}).success === false && 'from' in asked;
    const base: Query = isOfPast ? { from: asOf.toISOString() } : {};
    const queries = await queriesOf(hub, { contract, base, terms: [...terms.values()].flat() });
    groups.push({
      name: contract.id,
      kind: isOfPast ? 'as of' : 'list',
      addresses: addresses(contract, queries),
    });
    if (!('asOf' in asked)) continue;
    const timed = queries.map((query) => ({ ...query, asOf: asOf.toISOString() }));
    groups.push({ name: contract.id, kind: 'as of', addresses: addresses(contract, timed) });
  }
  return [...groups, ...(await frameworkGroups(hub, asOf))];
}

/** Each framework with its requirements, which is counted by owner, now and as of a moment. */
async function frameworkGroups(hub: RunningHub, asOf: Date): Promise<RequestGroup[]> {
  const { items } = await hub.call('listFrameworks', {});
  const addressesOf = (query: Query) => items.map(({ id }) => addressOf(ROUTES.getFramework, { id }, query));
  return [
    { name: 'getFramework', kind: 'list', addresses: addressesOf({}) },
    { name: 'getFramework', kind: 'as of', addresses: addressesOf({ asOf: asOf.toISOString() }) },
  ];
}

function isList({ method, response, params, id }: RouteContract): boolean {
  return (
    method === 'GET' &&
    params === undefined &&
    id !== 'complete' &&
    response instanceof z.ZodObject &&
    'items' in response.shape
  );
}

function addresses(contract: RouteContract, queries: readonly Query[]): string[] {
  return queries.map((query) => addressOf(contract, {}, query));
}

function completionQueries(): string[] {
  const { shape } = ROUTES.complete.query;
  return shape.list.options.map((list) => addressOf(ROUTES.complete, {}, { list }));
}

/** For each list that can be completed, one term for each of its fields. */
async function termsOf(
  hub: RunningHub,
  completions: readonly string[],
): Promise<Map<string, readonly string[]>> {
  const terms = new Map<string, readonly string[]>();
  for (const address of completions) {
    const list = new URLSearchParams(address.split('?')[1]).get('list') ?? '';
    const fields = (await completed(hub, address)).filter((text) => text.endsWith(':'));
    const found = await Promise.all(
      fields.map(async (field) => {
        const values = await completed(hub, `${address}&q=${encodeURIComponent(field)}`);
        return values.find((value) => value !== field && !value.endsWith(':')) ?? '';
      }),
    );
    const own = fields.map((field, index) => {
      const value = found[index] ?? '';
      return value.startsWith(field) ? value : field + value;
    });
    terms.set(
      list,
      own.filter((term) => !term.endsWith(':')),
    );
  }
  return terms;
}

/** Completions of the values of each field. */
function fieldsOf(list: string, terms: ReadonlyMap<string, readonly string[]>): string[] {
  return (terms.get(list) ?? []).map((term) =>
    addressOf(ROUTES.complete, {}, { list, q: term.slice(0, term.indexOf(':') + 2) }),
  );
}

async function completed(hub: RunningHub, address: string): Promise<string[]> {
  const { items } = ROUTES.complete.response.parse(JSON.parse(await textOf(hub, address)));
  return items.map(({ text }) => text);
}

/** What a list is asked with: nothing, each order, each term that it takes, a word, and the page after the first. */
async function queriesOf(
  hub: RunningHub,
  { contract, base, terms }: { contract: RouteContract; base: Query; terms: readonly string[] },
): Promise<Query[]> {
  const asked = contract.query?.shape ?? {};
  const queries: Query[] = [base];
  const sorts = 'sort' in asked ? await sortsOf(hub, contract, base) : [];
  queries.push(...sorts.map((sort) => ({ ...base, sort })));
  if ('q' in asked)
    for (const q of new Set([...terms, 'rights', 'namespace:team* severity:>=medium']))
      if ((await askAnew(hub, addressOf(contract, {}, { ...base, q }))).status < REFUSED)
        queries.push({ ...base, q });
  if (
    'q' in asked &&
    (await askAnew(hub, addressOf(contract, {}, { ...base, q: RESOLVED }))).status < REFUSED
  )
    queries.push({ ...base, q: RESOLVED }, ...sorts.map((sort) => ({ ...base, q: RESOLVED, sort })));
  if ('by' in asked && asked['by'] instanceof z.ZodDefault)
    for (const by of z.toJSONSchema(asked['by']).enum ?? [])
      queries.push(...[{}, { q: UNSUMMED }, { q: RESOLVED }].map((q) => ({ ...base, by: String(by), ...q })));
  if ('cursor' in asked) {
    const page = z.object({ next: z.string().nullable() }).loose();
    const { next } = page.parse(JSON.parse(await textOf(hub, addressOf(contract, {}, base))));
    if (next !== null) queries.push({ ...base, cursor: next });
  }
  return queries;
}

/** Every order, both ways: the refusal of one that there is not names those that there are. */
async function sortsOf(hub: RunningHub, contract: RouteContract, base: Query): Promise<string[]> {
  const answer = await textOf(hub, addressOf(contract, {}, { ...base, sort: 'nothing' }));
  const names = /Sort by one of ([\w, -]+)/.exec(answer)?.[1]?.split(', ') ?? [];
  return names.flatMap((name) => [name, `-${name}`]);
}

async function textOf(hub: RunningHub, path: string): Promise<string> {
  return (await askAnew(hub, path)).text();
}
