import type { QueryField } from './field.ts';
import {
  BUILD_FIELDS,
  CHANGE_FIELDS,
  FINDING_FIELDS,
  NAMESPACE_FIELDS,
  RESOURCE_FIELDS,
  WORKLOAD_FIELDS,
} from './fields.ts';
import {
  CONTROL_FIELDS,
  COVERAGE_FIELDS,
  EXCEPTION_FIELDS,
  SECRET_FIELDS,
  TEAM_FIELDS,
} from './standing-fields.ts';

/** The lists that a query can be asked of, each with what can be asked. */
export const QUERY_LISTS = {
  findings: FINDING_FIELDS,
  workloads: WORKLOAD_FIELDS,
  resources: RESOURCE_FIELDS,
  nodes: RESOURCE_FIELDS,
  namespaces: NAMESPACE_FIELDS,
  changes: CHANGE_FIELDS,
  secrets: SECRET_FIELDS,
  coverage: COVERAGE_FIELDS,
  exceptions: EXCEPTION_FIELDS,
  builds: BUILD_FIELDS,
  controls: CONTROL_FIELDS,
  teams: TEAM_FIELDS,
} as const satisfies Readonly<Record<string, readonly QueryField[]>>;

export type QueryList = keyof typeof QUERY_LISTS;
