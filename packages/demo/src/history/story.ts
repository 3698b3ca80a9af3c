import { isObject, type JsonObject, objectAt } from '@bulwark/core';
import { bindingObject } from '../app/access.ts';
import type { AppSpec } from '../app/app-spec.ts';
import type { TraitName } from '../app/traits.ts';
import { balancerObject } from '../shop/edge.ts';
import { ACTORS } from './actors.ts';
import { daysBefore, type Edit } from './edit.ts';

const HOUR = 3_600_000;

/** What happened in the last thirty days beside releases, told from the present backwards by each entry's `undo`. */
export function story(now: number): Edit[] {
  const on = (days: number, time: string): number => daysBefore(now, days, time);
  return [...improvements(on), ...incidents(on), ...escalation(on), ...slips(now, on)];
}

type On = (days: number, time: string) => number;

function improvements(on: On): Edit[] {
  return [
    { at: on(29, '09:40'), actor: ACTORS.mira, object: 'Namespace||search', undo: withoutPodSecurity },
    {
      at: on(28, '10:05'),
      actor: ACTORS.noor,
      object: 'networking.k8s.io/NetworkPolicy|payments|default-deny',
      undo: ingressOnly,
    },
    { at: on(26, '10:15'), actor: ACTORS.argocd, app: 'storefront/reviews', undo: caring('plain') },
    { at: on(17, '13:20'), actor: ACTORS.argocd, app: 'storefront/cart', undo: caring('sound') },
    { at: on(14, '11:00'), actor: ACTORS.mira, object: 'Namespace||orders', undo: withoutPodSecurity },
    {
      at: on(10, '07:30'),
      actor: ACTORS.externalSecrets,
      object: 'Secret|payments|psp-credentials',
      undo: resized,
    },
    {
      at: on(10, '07:31'),
      actor: ACTORS.externalSecrets,
      object: 'Secret|payments|payments-hmac',
      undo: resized,
    },
    {
      at: on(3, '08:45'),
      actor: { ...ACTORS.runner, via: 'helm' },
      app: 'support/chat-history-db',
      undo: tagged('7.0.20'),
    },
  ];
}

/** A database that had to be looked into, a night on call, an evening on which admission was in the way. */
function incidents(on: On): Edit[] {
  const open = balancerObject({
    service: 'search/opensearch-public',
    app: 'opensearch',
    port: 9200,
    address: '203.0.113.52',
  });
  const balancer = 'Service|search|opensearch-public';
  const webhook = 'admissionregistration.k8s.io/ValidatingWebhookConfiguration||kyverno-resources';
  return [
    {
      at: on(21, '02:14'),
      actor: ACTORS.tomasz,
      app: 'warehouse/stock-sync',
      undo: withoutTraits('privileged'),
    },
    { at: on(19, '10:30'), actor: ACTORS.noor, app: 'warehouse/stock-sync', undo: withTrait('privileged') },
    { at: on(15, '14:05'), actor: ACTORS.lena, object: balancer, undo: nothing },
    { at: on(15, '16:10'), actor: ACTORS.noor, object: balancer, undo: () => open },
    {
      at: on(13, '18:00'),
      actor: ACTORS.autoscaler,
      app: 'storefront/web',
      undo: scaled(4),
    },
    {
      at: on(13, '23:30'),
      actor: ACTORS.autoscaler,
      app: 'storefront/web',
      undo: scaled(9),
    },
    { at: on(7, '22:40'), actor: ACTORS.mira, object: webhook, undo: failing('Fail') },
    { at: on(7, '23:55'), actor: ACTORS.mira, object: webhook, undo: failing('Ignore') },
  ];
}

/**
 * A pipeline that could bind any role made itself an administrator for a night's deployment. The right to do so was taken
 * away the day after; what it had bound stayed.
 */
function escalation(on: On): Edit[] {
  const bootstrap = bindingObject({ binding: 'ci-bootstrap', role: 'ci-bootstrap', to: ['sa:ci/runner'] });
  const kind = 'rbac.authorization.k8s.io/ClusterRoleBinding';
  return [
    { at: on(9, '03:12'), actor: ACTORS.runner, object: `${kind}||runner-deploy-temp`, undo: nothing },
    { at: on(8, '09:25'), actor: ACTORS.noor, object: `${kind}||ci-bootstrap`, undo: () => bootstrap },
  ];
}

function slips(now: number, on: On): Edit[] {
  const costlens = 'admissionregistration.k8s.io/MutatingWebhookConfiguration||costlens-labels';
  return [
    { at: on(24, '15:10'), actor: { ...ACTORS.jonas, via: 'helm' }, object: costlens, undo: nothing },
    {
      at: on(23, '16:45'),
      actor: { ...ACTORS.mira, via: 'helm' },
      app: 'monitoring/kubelet-probe',
      undo: nothing,
    },
    { at: on(18, '12:30'), actor: ACTORS.lena, app: 'streaming/kafka-ui', undo: tagged('v0.7.1') },
    { at: on(11, '17:20'), actor: ACTORS.jonas, object: 'Service|sandbox|chatbot-public', undo: nothing },
    { at: on(6, '09:00'), actor: ACTORS.agency, app: 'marketing/newsletter', undo: tagged('1.7.3') },
    { at: on(5, '16:25'), actor: ACTORS.sam, app: 'sandbox/debug-shell', undo: nothing },
    {
      at: on(2, '21:50'),
      actor: ACTORS.tomasz,
      app: 'orders/invoices',
      undo: withoutTraits('password-in-env'),
    },
    { at: now - 3 * HOUR, actor: ACTORS.argocd, app: 'storefront/web', undo: tagged('4.18.1') },
  ];
}

const nothing = (): undefined => undefined;

type UndoApp = (app: AppSpec | undefined) => AppSpec | undefined;

function caring(care: AppSpec['care']): UndoApp {
  return (app) => app && { ...app, care };
}

function tagged(tag: string): UndoApp {
  return (app) => app && { ...app, tag };
}

function scaled(replicas: number): UndoApp {
  return (app) => app && { ...app, replicas };
}

function withTrait(trait: TraitName): UndoApp {
  return (app) => app && { ...app, traits: [...(app.traits ?? []), trait] };
}

function withoutTraits(trait: TraitName): UndoApp {
  return (app) => app && { ...app, traits: (app.traits ?? []).filter((name) => name !== trait) };
}

type UndoObject = (object: JsonObject | undefined) => JsonObject | undefined;

const withoutPodSecurity: UndoObject = (object) => {
  if (object === undefined) return undefined;
  const labels = Object.entries(objectAt(object, 'metadata', 'labels') ?? {});
  const kept = Object.fromEntries(labels.filter(([key]) => !key.startsWith('pod-security.kubernetes.io/')));
  return { ...object, metadata: { ...objectAt(object, 'metadata'), labels: kept } };
};

const ingressOnly: UndoObject = (object) =>
  object && { ...object, spec: { ...objectAt(object, 'spec'), policyTypes: ['Ingress'] } };

/** A Secret before its values were replaced by longer ones. */
const resized: UndoObject = (object) =>
  object && {
    ...object,
    data: Object.fromEntries(
      Object.entries(objectAt(object, 'data') ?? {}).map(([key, size]) => [key, Number(size) - 8]),
    ),
  };

function failing(failurePolicy: string): UndoObject {
  return (object) => {
    const webhooks = object?.['webhooks'];
    if (object === undefined || !Array.isArray(webhooks)) return object;
    return {
      ...object,
      webhooks: webhooks.map((webhook) => (isObject(webhook) ? { ...webhook, failurePolicy } : webhook)),
    };
  };
}
