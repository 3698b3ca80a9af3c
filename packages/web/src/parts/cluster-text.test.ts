import { expect, it } from 'vitest';
import { clusterText } from './cluster-text.ts';

const [EAST, WEST] = [
  { id: 1, name: 'east' },
  { id: 2, name: 'west' },
];

it.each([
  ['its cluster', { cluster: EAST }, 'east'],
  ['the clusters that it is for', { clusters: [EAST, WEST] }, 'east, west'],
  ['that it is for all', { clusters: null }, 'all'],
  ['nothing of what is of no cluster', { cluster: null }, ''],
  ['nothing of what has none', { name: 'x' }, ''],
  ['nothing where there is nothing', undefined, ''],
])('a row tells %s', (_what, item, text) => {
  expect(clusterText(item)).toBe(text);
});
