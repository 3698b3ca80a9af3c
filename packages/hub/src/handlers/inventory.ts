import {
  AppError,
  CHANGE_FIELDS,
  joinContent,
  kindOfAddress,
  nameInQuery,
  RESOURCE_FIELDS,
  WORKLOAD_FIELDS,
} from '@bulwark/core';
import {
  findChange,
  findingsOfChange,
  findResource,
  listChanges,
  listResources,
  listWorkloads,
  type ResourceRecord,
  type Store,
  sharedKindNames,
} from '@bulwark/store';
import { dump } from 'js-yaml';
import { seenInPodsOf } from '../cluster/recalled.ts';
import type { Handlers } from '../http/handler.ts';
import { clusterOf, iso, namespaceOfPath, refOf, scopeFor, severityOf } from './convert.ts';
import { changesOf, fieldItem } from './field-items.ts';
import { changeItem, workloadItem } from './inventory-items.ts';
import { KeptAnswers } from './kept-answers.ts';
import { listRequestOf } from './list-request.ts';
import { namespaceItems } from './namespaces.ts';
import { nodeItems } from './nodes.ts';
import { decisionsOf } from './object-decisions.ts';
import { objectYaml } from './object-yaml.ts';
import { passportOf } from './passport.ts';
import { secretDetail, secretItems } from './secrets.ts';

function resourceItem(record: ResourceRecord) {
  return {
    cluster: clusterOf(record),
    resource: refOf(record),
    owner: record.team,
    firstSeen: iso(record.firstSeen),
    changed: iso(record.changed),
    findings: record.findings,
  };
}

type Ids =
  | 'listWorkloads'
  | 'listNamespaces'
  | 'listNodes'
  | 'listSecrets'
  | 'getSecret'
  | 'listResources'
  | 'listChanges'
  | 'getWorkload'
  | 'getResource'
  | 'getChange';

/** What is deployed, where, how, and what changed. */
export function inventoryHandlers(store: Store, answers = new KeptAnswers(store)): Handlers<Ids> {
  return {
    listWorkloads: async ({ query }, { caller, now }) => {
      const scope = scopeFor(caller, query.cluster, query.namespace);
      const request = listRequestOf(query, WORKLOAD_FIELDS, now);
      const read = () => listWorkloads(store, scope, request);
      // Of the past, to order or count them is a pass over the findings or the pods.
      const page =
        request.asOf === undefined
          ? await read()
          : await answers.of(
              { list: ['workloads'], scope, request, topics: ['inventory', 'findings'] },
              read,
            );
      return { ...page, items: page.items.map(workloadItem) };
    },
    listResources: async ({ query }, { caller, now }) => {
      const page = await listResources(
        store,
        scopeFor(caller, query.cluster, query.namespace),
        listRequestOf(query, RESOURCE_FIELDS, now),
      );
      return { ...page, items: page.items.map(resourceItem) };
    },
    listChanges: async ({ query }, { caller, now }) => {
      const page = await listChanges(
        store,
        scopeFor(caller, query.cluster, query.namespace),
        listRequestOf(query, CHANGE_FIELDS, now),
      );
      return { ...page, items: page.items.map(changeItem) };
    },
    listNamespaces: ({ query }, { caller, now }) =>
      namespaceItems(store, scopeFor(caller, query.cluster, query.namespace), query, now),
    listNodes: ({ query }, { caller, now }) => nodeItems(store, scopeFor(caller, query.cluster), query, now),
    listSecrets: ({ query }, { caller, now }) =>
      secretItems(store, scopeFor(caller, query.cluster), query, now),
    getSecret: ({ params, query }, { caller, now }) => {
      const asOf = query.asOf === undefined ? undefined : new Date(query.asOf);
      return secretDetail(store, scopeFor(caller, params.cluster), { ...params, now: asOf ?? now, asOf });
    },
    getWorkload: async ({ params, query }, { caller, now }) => {
      const asOf = query.asOf === undefined ? undefined : new Date(query.asOf);
      return passportOf(store, scopeFor(caller, params.cluster), {
        cluster: params.cluster,
        kind: kindOfAddress(params.kind),
        namespace: namespaceOfPath(params.namespace),
        name: params.name,
        asOf,
        now,
        limits: caller.limits,
      });
    },
    getResource: async ({ params, query }, { caller, now }) => {
      const scope = scopeFor(caller, params.cluster);
      const key = {
        kind: kindOfAddress(params.kind),
        namespace: namespaceOfPath(params.namespace),
        name: params.name,
      };
      const asOf = query.asOf === undefined ? undefined : new Date(query.asOf);
      const object = await findResource(store, scope, { cluster: params.cluster, ...key, asOf });
      if (object === undefined) throw new AppError('not-found');
      const request = listRequestOf({ asOf: query.asOf }, CHANGE_FIELDS, now);
      const [changes, decisions, shared] = await Promise.all([
        listChanges(store, scope, { ...request, of: key }),
        decisionsOf(store, scope, { cluster: params.cluster, ...key, asOf, limits: caller.limits }),
        sharedKindNames(store, scope),
      ]);
      return {
        ...resourceItem(object),
        kindInQueries: nameInQuery(key.kind, shared),
        seenInPods: seenInPodsOf(object) ?? null,
        yaml: objectYaml(joinContent(object)).text,
        history: changes.items.map(changeItem),
        decisions,
      };
    },
    getChange: async ({ params }, { caller }) => {
      const scope = scopeFor(caller, params.cluster);
      const record = await findChange(store, scope, params.cluster, params.id);
      if (record === undefined) throw new AppError('not-found');
      const text = (content: unknown): string | null =>
        content === null ? null : dump(content, { lineWidth: -1, noRefs: true });
      const findings = await findingsOfChange(store, scope, params);
      return {
        ...changeItem(record),
        before: text(record.before),
        after: text(record.after),
        fields: changesOf(record.before, record.after).map((change) => fieldItem(change)),
        findings: findings.map((found) => ({ ...found, severity: severityOf(found.severity) })),
      };
    },
  };
}
