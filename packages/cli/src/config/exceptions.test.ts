import { writeTree } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import type { Configuration } from './configuration.ts';
import { readConfiguration } from './read.ts';

function read(text: string): Configuration {
  const folder = writeTree({ 'bulwark.yaml': text });
  try {
    return readConfiguration(folder.path('bulwark.yaml'), 'bulwark.yaml');
  } finally {
    folder.remove();
  }
}

describe('exceptions in a configuration', () => {
  it.each<[string, readonly string[] | undefined]>([
    ['host-pid', ['host-pid']],
    ['[host-pid, trivy:KSV-0010]', ['host-pid']],
    ['"*"', undefined],
    ['["*"]', undefined],
    ['[host-pid, "*"]', undefined],
  ])('for %s name their controls once, and none where they are for all', (control, expected) => {
    const { exceptions } = read(`exceptions: {accepted: [{control: ${control}, name: a, reason: x}]}`);

    expect(exceptions.map(({ scope }) => scope.controls)).toEqual([expected]);
  });

  it.each([
    ['{}', 'accept', 'accept'],
    ['{annotations: request}', 'request', 'request'],
    ['{annotations: ignore}', 'ignore', 'ignore'],
    ['{annotations: request, otherTools: accept}', 'request', 'accept'],
    ['{otherTools: ignore}', 'accept', 'ignore'],
  ])(
    'in objects are taken as %s says, and those for other tools no more readily',
    (written, annotations, otherTools) => {
      expect(read(`exceptions: ${written}`)).toMatchObject({ annotations, otherTools });
    },
  );
});
