import { SEVERITIES, type Severity } from '@bulwark/core';
import type { RouteResult } from './contract.ts';
import type { ExportedList } from './exports.ts';
import type { ROUTES } from './routes.ts';

/** What a line of CSV has in a column; null for no value. */
export type Cell = string | number | boolean | null;

/** The columns of a list in their order, each with what an item has in it. */
export type Columns<Item> = Readonly<Record<string, (item: Item) => Cell>>;

/** The columns of some lists. */
export type ListColumns<Ids extends ExportedList> = { readonly [Id in Ids]: Columns<ListItem<Id>> };

type AnswerOf<Id extends ExportedList> = RouteResult<(typeof ROUTES)[Id]>;

/** An item of a list; of a framework a requirement. */
export type ListItem<Id extends ExportedList> =
  AnswerOf<Id> extends { readonly items: readonly (infer Item)[] }
    ? Item
    : AnswerOf<Id> extends { readonly requirements: readonly (infer Item)[] }
      ? Item
      : never;

/** A column for each severity. */
export function bySeverity<Item>(read: (item: Item) => Readonly<Record<Severity, number>>): Columns<Item> {
  return Object.fromEntries(SEVERITIES.map((severity) => [severity, (item: Item) => read(item)[severity]]));
}

/** Open findings, by severity. */
export const FINDINGS = bySeverity(
  ({ findings }: { readonly findings: Readonly<Record<Severity, number>> }) => findings,
);
