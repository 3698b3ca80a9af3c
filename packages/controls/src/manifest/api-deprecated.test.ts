import { Engine, Plan, toResource, World } from '@bulwark/core';
import { runCase } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { apiDeprecated } from './api-deprecated.ts';

function messagesOf(apiVersion: string, kind: string, kubernetes: string): readonly string[] {
  const subject = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: x\n`;
  return runCase(apiDeprecated, {
    name: '',
    verdict: 'fail',
    paths: [],
    fixed: [],
    kubernetes,
    params: {},
    subject,
    context: [],
    line: 1,
  }).messages;
}

describe('the message about an API version', () => {
  it.each([
    [
      'batch/v1beta1',
      'CronJob',
      '1.21',
      'CronJob/x uses batch/v1beta1 CronJob, which is deprecated since Kubernetes 1.21 and no longer served from Kubernetes 1.25 on; use batch/v1 CronJob.',
    ],
    [
      'batch/v1beta1',
      'CronJob',
      '1.34',
      'CronJob/x uses batch/v1beta1 CronJob, which is deprecated since Kubernetes 1.21 and not served since Kubernetes 1.25; use batch/v1 CronJob.',
    ],
    [
      'v1',
      'Endpoints',
      '1.34',
      'Endpoints/x uses v1 Endpoints, which is deprecated since Kubernetes 1.33; use discovery.k8s.io/v1 EndpointSlice.',
    ],
    [
      'settings.k8s.io/v1alpha1',
      'PodPreset',
      '1.34',
      'PodPreset/x uses settings.k8s.io/v1alpha1 PodPreset, which is not served since Kubernetes 1.20; nothing replaces it.',
    ],
    [
      'policy/v1beta1',
      'PodSecurityPolicy',
      '1.25',
      'PodSecurityPolicy/x uses policy/v1beta1 PodSecurityPolicy, which is deprecated since Kubernetes 1.21 and not served since Kubernetes 1.25; nothing replaces it.',
    ],
    [
      'batch/v1',
      'CronJob',
      '1.20',
      'CronJob/x uses batch/v1 CronJob, which is not served before Kubernetes 1.21; use batch/v1beta1 CronJob.',
    ],
    [
      'v1',
      'ConfigMap',
      '1.1',
      'ConfigMap/x uses v1 ConfigMap, which is not served before Kubernetes 1.2; Kubernetes 1.1 serves no other version of it.',
    ],
  ])('says of %s %s at %s what happened and what to do', (apiVersion, kind, kubernetes, message) => {
    expect(messagesOf(apiVersion, kind, kubernetes)).toEqual([message]);
  });
});

it('says nothing of live objects, which the API server converts to whatever version it is asked for', () => {
  const resource = toResource(
    { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'x' } },
    { kind: 'cluster', cluster: 'test', resourceVersion: '1' },
  );
  const engine = new Engine(
    new Plan([apiDeprecated]),
    { minor: 37, text: '1.37' },
    World.of([resource]).world,
  );

  expect(engine.outcome(apiDeprecated, resource).verdict).toBe('not-applicable');
});
