import { World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { priorityClasses } from './priority-classes.ts';

const classNamed = (name: string, fields = '') =>
  `{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: ${name}}, value: 10${fields}}`;

describe('priority classes', () => {
  it.each([
    ['none', [], [], false],
    ['two without a default', [classNamed('a'), classNamed('b')], ['a', 'b'], false],
    ['a default', [classNamed('a'), classNamed('b', ', globalDefault: true')], ['a', 'b'], true],
    ['no default by text', [classNamed('a', ', globalDefault: "true"')], ['a'], false],
  ])('of a World with %s', (_name, documents, names, hasGlobalDefault) => {
    const { world } = World.of(resourcesOf(documents.join('\n---\n') || '{}'));

    const found = world.get(priorityClasses);

    expect([[...found.names], found.hasGlobalDefault]).toEqual([names, hasGlobalDefault]);
  });
});
