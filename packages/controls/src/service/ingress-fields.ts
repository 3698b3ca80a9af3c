import { INGRESS_KINDS } from '@bulwark/analyses';
import {
  arrayAt,
  isObject,
  type JsonObject,
  kinds,
  objectAt,
  type Path,
  type Resource,
  stringAt,
} from '@bulwark/core';

/** Ingresses, in the group of today and in the one before. */
export const ingressKinds = kinds(...INGRESS_KINDS);

/** A rule of an Ingress. */
export interface IngressRule {
  /** Path from the Ingress's root. */
  readonly path: Path;
  /** Empty for every host. */
  readonly host: string;
  readonly paths: readonly IngressPath[];
}

/** A path that a rule leads to a backend. */
export interface IngressPath {
  readonly path: Path;
  readonly url: string;
}

/** The rules of an Ingress with what they match. */
export function ingressRulesOf({ object }: Resource): readonly IngressRule[] {
  return (arrayAt(object, 'spec', 'rules') ?? []).flatMap((rule, index): IngressRule[] => {
    if (!isObject(rule)) return [];
    const path = ['spec', 'rules', index];
    const paths = (arrayAt(rule, 'http', 'paths') ?? []).map((item, at) => ({
      path: [...path, 'http', 'paths', at],
      url: stringAt(item, 'path') ?? '',
    }));
    return [{ path, host: stringAt(rule, 'host') ?? '', paths }];
  });
}

/** The annotations of an object. */
export function annotationsOf({ object }: Resource): JsonObject {
  return objectAt(object, 'metadata', 'annotations') ?? {};
}

/** The value of an annotation; empty when it is missing. */
export function annotation(resource: Resource, name: string): string {
  return stringAt(annotationsOf(resource), name) ?? '';
}

/** Whether an Ingress is made for the minutes in which a certificate is issued. */
export function isAcmeSolver({ object }: Resource): boolean {
  return stringAt(object, 'metadata', 'labels', 'acme.cert-manager.io/http01-solver') !== undefined;
}

const ON_ONE_MACHINE = /(^|\.)(localhost|local|test)$/;

/** Whether an Ingress is only for names that no public DNS has. */
export function isForLocalNames(ingress: Resource): boolean {
  const rules = ingressRulesOf(ingress);
  return rules.length > 0 && rules.every(({ host }) => ON_ONE_MACHINE.test(host));
}
