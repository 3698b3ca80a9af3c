import type { ControlItem } from '@bulwark/api';
import { FRAMEWORKS } from '@bulwark/controls';
import {
  CONTROL_FIELDS,
  type Control,
  completionAt,
  completions,
  QUERY_LISTS,
  requirementsOf,
} from '@bulwark/core';
import { openByControl, type Store } from '@bulwark/store';
import type { Handlers } from '../http/handler.ts';
import { completedValues } from './completed-values.ts';
import { scopeFor } from './convert.ts';
import { foundInMemory, type MemoryFields } from './memory-query.ts';

/** How controls are asked for. */
const ASKED: MemoryFields<ControlItem> = {
  fields: CONTROL_FIELDS,
  values: {
    id: ({ id, aliases }) => [id, ...aliases],
    severity: ({ severity }) => severity,
    profile: ({ profile }) => profile,
    runs: ({ isOn }) => isOn,
    framework: ({ frameworks }) => frameworks,
    fixable: ({ fixable }) => fixable,
    findings: ({ findings }) => findings,
  },
  texts: ({ id, title, aliases }) => [title, id, ...aliases],
};

export interface CatalogueSettings {
  readonly store: Store;
  /** Every control there is. */
  readonly all: readonly Control[];
  /** Ids of those that run. */
  readonly running: ReadonlySet<string>;
}

/** The controls, and the completion of queries. */
export function catalogueHandlers({
  store,
  all,
  running,
}: CatalogueSettings): Handlers<'listControls' | 'complete'> {
  return {
    listControls: async ({ query }, { caller, now }) => {
      const asOf = query.asOf === undefined ? undefined : new Date(query.asOf);
      const open = await openByControl(store, scopeFor(caller, query.cluster, query.namespace), asOf);
      const items = all.map(
        (control): ControlItem => ({
          id: control.id,
          title: control.title,
          severity: control.severity,
          profile: control.profile,
          isOn: running.has(control.id),
          rationale: control.rationale,
          remediation: control.remediation,
          references: [...control.references],
          aliases: [...control.aliases],
          attack: [...control.attack],
          frameworks: requirementsOf(control.id, FRAMEWORKS),
          fixable: control.fix !== undefined,
          findings: open.get(control.id) ?? 0,
        }),
      );
      return { items: [...foundInMemory(items, ASKED, { q: query.q, now })] };
    },
    complete: async ({ query }, { caller, now }) => {
      const fields = QUERY_LISTS[query.list];
      const point = completionAt(query.q, query.at ?? query.q.length, fields);
      if (point === undefined) return { from: 0, to: 0, items: [] };
      const scope = scopeFor(caller, query.cluster, query.namespace);
      const { field, prefix } = point;
      // What fields of other types can be is known without looking.
      const values =
        field?.type === 'text'
          ? await completedValues({ store, controls: all }, scope, {
              list: query.list,
              field: field.name,
              prefix,
              now,
            })
          : [];
      const items = completions(point, fields, values).slice(0, 50);
      return {
        from: point.from,
        to: point.to,
        items: items.map(({ insert, label, description }) => ({
          text: insert,
          label,
          detail: description ?? '',
        })),
      };
    },
  };
}
