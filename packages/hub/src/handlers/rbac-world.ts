import { CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING } from '@bulwark/analyses';
import { World, type WorldView } from '@bulwark/core';
import { objectsOf, type Scope, type Store } from '@bulwark/store';
import { KeptByState } from './kept-by-state.ts';
import { resourceOf } from './stored-world.ts';

/** What rights are made of. */
export const RBAC_KINDS = [ROLE, CLUSTER_ROLE, ROLE_BINDING, CLUSTER_ROLE_BINDING];

/** The roles and bindings of each cluster, as far as a scope shows them. */
export const rbacWorlds = new KeptByState<WorldView>(
  { kinds: RBAC_KINDS, withWorkloads: false },
  async (store: Store, scope: Scope, asOf) => {
    const [cluster = 0] = scope.clusters === 'all' ? [] : scope.clusters;
    const objects = await objectsOf(store, scope, { cluster, kinds: RBAC_KINDS, asOf });
    return World.of(objects.map(resourceOf)).world;
  },
);
