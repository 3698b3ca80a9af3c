import type { GroupKind } from './group-kind.ts';
import { arrayAt, get, type Json, objectAt, stringAt } from './json.ts';
import type { Resource } from './resource.ts';

/** The kinds of objects that say where a Service leads, whatever it selects. */
export const ENDPOINT_SLICE: GroupKind = 'discovery.k8s.io/EndpointSlice';
export const ENDPOINTS: GroupKind = 'Endpoints';

/** What an EndpointSlice or Endpoints object names. */
export interface NamedEndpoints {
  readonly addresses: readonly string[];
  /** The ids of pods. */
  readonly pods: readonly string[];
}

/**
 * What an object says that its Service leads to (discovery/v1 EndpointSlice, core/v1 Endpoints). Whether an endpoint is ready changes all
 * the time, and does not count.
 */
export function endpointsOf({
  groupKind,
  namespace,
  object,
}: Pick<Resource, 'groupKind' | 'namespace' | 'object'>): NamedEndpoints {
  const endpoints: readonly Json[] =
    groupKind === ENDPOINT_SLICE
      ? (arrayAt(object, 'endpoints') ?? [])
      : (arrayAt(object, 'subsets') ?? []).flatMap((subset) =>
          ['addresses', 'notReadyAddresses'].flatMap((list) => arrayAt(subset, list) ?? []),
        );
  return {
    addresses: endpoints
      .flatMap((each) => [...(arrayAt(each, 'addresses') ?? []), get(each, 'ip')])
      .filter((address) => typeof address === 'string'),
    pods: endpoints.flatMap((each) => {
      const target = objectAt(each, 'targetRef');
      const name = stringAt(target, 'name');
      return stringAt(target, 'kind') === 'Pod' && name !== undefined
        ? [`Pod|${stringAt(target, 'namespace') ?? namespace}|${name}`]
        : [];
    }),
  };
}

/** The addresses at which nothing but a pod answers: none where it has those of its node. */
export function ownAddressesOf({ object }: Pick<Resource, 'object'>): readonly string[] {
  if (get(object, 'spec', 'hostNetwork') === true) return [];
  const addresses = [
    get(object, 'status', 'podIP'),
    ...(arrayAt(object, 'status', 'podIPs') ?? []).map((each) => get(each, 'ip')),
  ];
  return [...new Set(addresses.filter((each) => typeof each === 'string'))];
}
