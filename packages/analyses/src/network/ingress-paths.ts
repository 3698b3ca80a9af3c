import { type Analysis, arrayAt, get, objectAt, type Path, type Resource, stringAt } from '@bulwark/core';
import { INGRESS_KINDS } from '../context/ingress.ts';
import { byId } from './by-id.ts';

/** A host and path that an Ingress claims. */
export interface IngressClaim {
  readonly ingress: Resource;
  /** Path of the claim from the Ingress's root. */
  readonly path: Path;
  /** Empty for every host. */
  readonly host: string;
  readonly url: string;
}

/** Which Ingresses claim the same host and path of the same controller. */
export interface IngressClaims {
  claimsOf(ingress: Resource): readonly IngressClaim[];
  /** The first claim of another Ingress, or an earlier one of the same, to the same host and path. */
  rivalOf(claim: IngressClaim): IngressClaim | undefined;
}

/** The class of an Ingress: the field, or the annotation that came before it; empty for the cluster's default. */
export function ingressClassOf({ object }: Resource): string {
  const annotations = objectAt(object, 'metadata', 'annotations');
  return (
    stringAt(object, 'spec', 'ingressClassName') ?? stringAt(annotations, 'kubernetes.io/ingress.class') ?? ''
  );
}

/** Annotations by which Ingresses share a path on purpose. */
function sharesPaths({ object }: Resource): boolean {
  const annotations = objectAt(object, 'metadata', 'annotations');
  return (
    stringAt(annotations, 'nginx.ingress.kubernetes.io/canary') === 'true' ||
    stringAt(annotations, 'nginx.org/mergeable-ingress-type') !== undefined ||
    stringAt(annotations, 'alb.ingress.kubernetes.io/group.name') !== undefined
  );
}

interface Keyed extends IngressClaim {
  readonly key: string;
}

function claims(ingress: Resource): Keyed[] {
  const ingressClass = ingressClassOf(ingress);
  return (arrayAt(ingress.object, 'spec', 'rules') ?? []).flatMap((rule, at) => {
    const host = stringAt(rule, 'host') ?? '';
    return (arrayAt(rule, 'http', 'paths') ?? []).map((item, index): Keyed => {
      const url = stringAt(item, 'path') ?? '/';
      const type = get(item, 'pathType') === 'Exact' ? 'exact' : 'prefix';
      const key = JSON.stringify([ingressClass, host, url, type]);
      return { ingress, path: ['spec', 'rules', at, 'http', 'paths', index], host, url, key };
    });
  });
}

/** Hosts and paths by who claims them. Cost: linear in paths. */
export const ingressClaims: Analysis<IngressClaims> = {
  id: 'ingress-claims',
  reads: [...INGRESS_KINDS],
  compute(world) {
    const byKey = new Map<string, Keyed[]>();
    const byIngress = new Map<string, readonly Keyed[]>();
    const keys = new Map<IngressClaim, string>();
    for (const ingress of INGRESS_KINDS.flatMap((kind) => world.list(kind))) {
      const own = sharesPaths(ingress) ? [] : claims(ingress);
      byIngress.set(ingress.id, own);
      for (const claim of own) {
        keys.set(claim, claim.key);
        const known = byKey.get(claim.key);
        if (known === undefined) byKey.set(claim.key, [claim]);
        else known.push(claim);
      }
    }
    for (const same of byKey.values()) same.sort((a, b) => byId(a.ingress, b.ingress));
    return {
      claimsOf: (ingress) => byIngress.get(ingress.id) ?? [],
      rivalOf: (claim) => rival(claim, byKey.get(keys.get(claim) ?? '') ?? []),
    };
  },
};

function rival(claim: IngressClaim, same: readonly Keyed[]): IngressClaim | undefined {
  let isLater = false;
  return same.find((other) => {
    if (other === claim) isLater = true;
    if (other.ingress.id === claim.ingress.id) return !isLater;
    // A second copy of the same object, as an overlay makes it, is no second Ingress.
    return other.ingress.key !== claim.ingress.key;
  });
}
