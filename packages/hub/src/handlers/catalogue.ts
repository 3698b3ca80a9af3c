import type { ROUTES } from '@bulwark/api';
import { FRAMEWORKS } from '@bulwark/controls';
import {
  BUILD_FIELDS,
  CHANGE_FIELDS,
  COVERAGE_FIELDS,
  type Control,
  completionAt,
  completions,
  EXCEPTION_FIELDS,
  FINDING_FIELDS,
  NAMESPACE_FIELDS,
  type QueryField,
  RESOURCE_FIELDS,
  requirementsOf,
  SECRET_FIELDS,
  WORKLOAD_FIELDS,
} from '@bulwark/core';
import { openByControl, type Store, valuesOf } from '@bulwark/store';
import type { Handlers } from '../http/handler.ts';
import { scopeFor } from './convert.ts';

type CompletedList = ReturnType<typeof ROUTES.complete.query.parse>['list'];

const FIELDS: Readonly<Record<CompletedList, readonly QueryField[]>> = {
  findings: FINDING_FIELDS,
  workloads: WORKLOAD_FIELDS,
  resources: RESOURCE_FIELDS,
  namespaces: NAMESPACE_FIELDS,
  changes: CHANGE_FIELDS,
  secrets: SECRET_FIELDS,
  coverage: COVERAGE_FIELDS,
  exceptions: EXCEPTION_FIELDS,
  builds: BUILD_FIELDS,
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
    listControls: async ({ query }, { caller }) => {
      const asOf = query.asOf === undefined ? undefined : new Date(query.asOf);
      const open = await openByControl(store, scopeFor(caller, query.cluster), asOf);
      return {
        items: all.map((control) => ({
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
        })),
      };
    },
    complete: async ({ query }, { caller }) => {
      const fields = FIELDS[query.list];
      const point = completionAt(query.q, query.at ?? query.q.length, fields);
      if (point === undefined) return { from: 0, to: 0, items: [] };
      const values =
        point.field === undefined
          ? []
          : await valuesOf(store, scopeFor(caller), { field: point.field.name, prefix: point.prefix });
      const items = completions(point, fields, values).slice(0, 50);
      return {
        from: point.from,
        to: point.to,
        items: items.map(({ insert, description }) => ({ text: insert, detail: description ?? '' })),
      };
    },
  };
}
