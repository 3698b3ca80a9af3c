import { defineControl, get, kinds } from '@bulwark/core';

export const apiserviceInsecureTls = defineControl({
  id: 'apiservice-insecure-tls',
  aliases: [],
  title: 'Aggregated APIs must be reached with a verified certificate',
  problem: 'are reached without verifying their certificate',
  message: '{resource} sets insecureSkipTLSVerify, so the API server talks to whoever answers.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The API server passes requests on with the name and the groups of the user. Without verification, whoever can take over the address of the Service, or its traffic, sees them, and answers in its place: with made-up metrics that scale a workload, or with objects of a kind that controllers act on.',
  remediation:
    'Give the server a certificate for its Service name, set caBundle to its authority, and remove insecureSkipTLSVerify. cert-manager can write the bundle. The manifests of metrics-server come with this setting, and its chart can issue a certificate instead.',
  references: [
    'https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/',
    'https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/api-service-v1/',
  ],
  attack: ['T1557'],
  appliesTo: kinds('apiregistration.k8s.io/APIService'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    if (get(resource.object, 'spec', 'insecureSkipTLSVerify') === true)
      yield at('spec.insecureSkipTLSVerify');
  },
});
