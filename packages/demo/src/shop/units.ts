import { groupKindOf, groupOf, type JsonObject, stringAt } from '@bulwark/core';
import { bindingObject, roleObject } from '../app/access.ts';
import type { AppSpec, NamespaceSpec } from '../app/app-spec.ts';
import { companionsOf } from '../app/companions.ts';
import { controllerOf } from '../app/controller.ts';
import { type Callers, callersOf, defaultDeny } from '../app/network-policy.ts';
import { BINDINGS } from './bindings.ts';
import { clusterObjects } from './cluster-objects.ts';
import { customResources } from './custom-resources.ts';
import { edgeObjects } from './edge.ts';
import { NAMESPACES, namespaceObjects } from './namespaces.ts';
import { BUILT_IN_ROLES, ROLES } from './roles.ts';
import { secretObjects } from './secrets.ts';

/** An object's key, as resources have it: `group/Kind|namespace|name`. */
export function keyOf(object: JsonObject): string {
  const kind = groupKindOf(groupOf(stringAt(object, 'apiVersion') ?? ''), stringAt(object, 'kind') ?? '');
  return `${kind}|${stringAt(object, 'metadata', 'namespace') ?? ''}|${stringAt(object, 'metadata', 'name') ?? ''}`;
}

/** An application where it stands. */
export interface PlacedApp {
  readonly app: AppSpec;
  readonly namespace: NamespaceSpec;
}

/** What people and tools have written, as it is now. */
export interface WrittenShop {
  /** By `namespace/name`. */
  readonly apps: ReadonlyMap<string, PlacedApp>;
  /** What belongs to no application, by key. */
  readonly objects: ReadonlyMap<string, JsonObject>;
  readonly callers: Callers;
}

/** The shop as it is written; `now` in milliseconds since 1970. */
export function writtenShop(now: number): WrittenShop {
  const objects = [
    ...NAMESPACES.flatMap((namespace) => [...namespaceObjects(namespace), ...defaultDeny(namespace)]),
    ...[...BUILT_IN_ROLES, ...ROLES].map(roleObject),
    ...BINDINGS.map(bindingObject),
    ...clusterObjects(),
    ...edgeObjects(),
    ...customResources(),
    ...secretObjects(NAMESPACES, now),
  ];
  return {
    apps: new Map(
      NAMESPACES.flatMap((namespace) =>
        namespace.apps.map((app) => [`${namespace.name}/${app.name}`, { app, namespace }] as const),
      ),
    ),
    objects: new Map(objects.map((object) => [keyOf(object), object])),
    callers: callersOf(NAMESPACES),
  };
}

/** The objects that an application consists of. */
export function appObjects({ app, namespace }: PlacedApp, callers: Callers): JsonObject[] {
  return [controllerOf(app, namespace), ...companionsOf(app, namespace, callers)];
}
